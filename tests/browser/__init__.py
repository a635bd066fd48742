"""Tests in Chromium, on the server that `make run` starts."""
