"""`kithbook demo`: a fictional book to try everything on."""
