"""Tests of the badge library."""
