"""A small believable academy."""
