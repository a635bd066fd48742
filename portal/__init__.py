"""Laurel: a self-hosted learning portal that awards certificates and Open Badges."""
