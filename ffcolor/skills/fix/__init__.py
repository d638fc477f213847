"""Fixing files: each file alone, byte for byte the same outside of its front matter and its marked block."""
