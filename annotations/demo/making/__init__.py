"""Makes the files in `annotations/demo/corpus` from the screenplays in `corpus/source`. Pure Python.

`python -m annotations.demo.making` writes them all again; a test checks that they are what it writes.
"""
