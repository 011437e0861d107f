"""What coders gave, what was decided, and the value a study goes on with. Reads only.

`given` and `settled` read the two sources, `wording` and `thread` show them; `of_round` gives the final value
of each unit within one round, `of_study` over the rounds.
"""
