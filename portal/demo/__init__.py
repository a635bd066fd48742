"""A small believable academy, so that whoever starts Laurel for the first time sees it at work."""
