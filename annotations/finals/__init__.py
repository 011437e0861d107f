"""The value a study goes on with, per unit and variable, over coders, decisions and rounds. Reads only.

`of_round` gives the final values within one round, `of_study` those of the whole study.
"""
