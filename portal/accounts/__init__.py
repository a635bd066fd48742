"""People, roles, verified e-mail addresses, sign-in."""
