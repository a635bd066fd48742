"""Administration › Open Badges."""
