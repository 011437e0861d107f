"""Codings and decisions out of files, back into a study."""
