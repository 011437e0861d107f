"""From the files researchers have to conversations.

A reader (one module per format in `readers/`) turns a file into message rows; the rows go to a spool on
disk and their ids to an index in memory; `threads.py` says which rows belong to one conversation and in
what order. Memory does not grow with the texts, so a file may be larger than the machine's memory.
"""
