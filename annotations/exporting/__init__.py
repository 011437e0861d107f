"""A study as files that open at once in R, SPSS and Excel, and codings read back from such a file."""
