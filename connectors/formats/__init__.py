"""Other export files, by content: LDIF, Apple address books, .zip archives, Google Takeout."""
