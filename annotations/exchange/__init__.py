"""Formats of other programs, out and in: Excel, SPSS, Stata, R, and documents that people read.

A module per format. It is given finished tables and a codebook, and knows nothing of a study in the database.
"""
