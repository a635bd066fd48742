"""What a person is told, in the portal and by mail."""
