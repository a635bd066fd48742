"""Learning paths, versions, steps, members, progress, completion."""
