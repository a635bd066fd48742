"""Administration › Notices: which kinds are told, whether by mail, and in which words."""
