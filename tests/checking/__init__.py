"""Tests of the page that checks badges."""
