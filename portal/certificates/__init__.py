"""What a completion earns: certification settings, certificates, the public check page, the Earn badge window."""
