"""Conversations into the database; `commit` is the way in and the only writer of what an import makes."""
