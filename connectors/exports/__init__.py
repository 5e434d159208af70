"""What other programs export: CSV, LDIF, Apple address books, archives, Takeout, by content."""
