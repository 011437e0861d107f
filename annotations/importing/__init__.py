"""From the files researchers have to conversations.

A reader (one module per format in `read/formats/`) turns a file into message rows. The rows wait on disk
(`group/row_store.py`), their ids in an index in memory; `group/threads.py` says which rows belong to one
conversation and in what order. Memory does not grow with the texts, so a file may be larger than the memory.
"""
