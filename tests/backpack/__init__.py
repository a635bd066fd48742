"""Tests of the backpack, which meets an independent issuer on a server of its own."""
