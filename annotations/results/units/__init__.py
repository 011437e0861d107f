"""Everything a table can count, unit by unit: read from the database once, kept, and crossed in memory."""
