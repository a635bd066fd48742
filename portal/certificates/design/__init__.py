"""Certificate templates: how certificates look, made in a web page by those who write learning paths."""
