"""What an Open Badge is: dataclasses in, documents and bytes out, no network, no database and no web framework."""
