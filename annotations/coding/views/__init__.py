"""The coding page: what is read, and what is written."""
