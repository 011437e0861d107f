"""A dataset that was coded elsewhere: its texts become conversations, its columns answers to questions.

`table.py` reads the file, `choices.py` says what each column holds (guessed, and as a person chose),
`meaning.py` what a cell means for a variable, `dataset.py` checks all of it against codebook and study and
reads only, `storing.py` stores it, `drafting.py` makes variables out of columns.
"""
