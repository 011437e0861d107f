"""Files to message rows: encodings, tables, JSON, workbooks, repairs; a module per format. Pure."""
