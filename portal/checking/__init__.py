"""The public page Check a badge."""
