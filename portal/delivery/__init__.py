"""Carrying an award to a person's backpack, and reading public collections back."""
