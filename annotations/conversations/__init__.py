"""The conversations of a study for a supervisor: the list with its filters, and one conversation."""
