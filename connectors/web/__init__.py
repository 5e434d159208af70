"""Sources at one web address, only read; and what they share with those in files."""
