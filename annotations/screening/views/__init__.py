"""The pages of searching back: for screeners, and for the supervisor."""
