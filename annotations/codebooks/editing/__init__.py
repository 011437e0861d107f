"""Edits of a codebook that is being written. Pure."""
