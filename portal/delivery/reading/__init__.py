"""Reading a learner's public collections back from the backpack, to be shown in the transcript."""
