"""The parts of an examination: what was received, what was fetched, what was found, and the words for it."""
