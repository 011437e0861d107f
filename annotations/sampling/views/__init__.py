"""The pages of rounds; supervisors only."""
