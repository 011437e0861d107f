"""Roles of accounts after the import: set by hand, or guessed again when an organisation's handles change."""
