"""Tests of the badges room."""
