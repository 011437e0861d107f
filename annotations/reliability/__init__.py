"""The agreement of a study's coders: from the database to figures, and from a figure to its units."""
