"""Laurel: a self-hosted learning portal that awards certificates and Open Badges."""

__version__ = "0.2.0"
