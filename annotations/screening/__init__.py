"""Searching back through an archive until enough was found, and the comparison sample beside the finds."""
