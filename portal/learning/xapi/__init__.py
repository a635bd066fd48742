"""The Experience API: outside content says what learners did, and a step of theirs is done by it."""
