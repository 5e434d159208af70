"""`kithbook doctor`: everything tried out, each fault with the fix that works."""
