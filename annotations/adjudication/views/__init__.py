"""The settling desk and the log of decisions; supervisors only."""
