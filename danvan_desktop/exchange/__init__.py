"""Signed packages: build, verify, trust. Knows bytes, never the store."""
