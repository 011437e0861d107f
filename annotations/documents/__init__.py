"""What a study hands in, as a page to print and as a document: the report, and advice to an organisation."""
