"""What a step can be: one module a kind, one line a kind in the registry."""
