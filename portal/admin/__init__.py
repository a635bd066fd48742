"""Pages for administrators over the rooms below."""
