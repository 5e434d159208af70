"""`kithbook report`: one page about one's people: what the file knows, as pictures and words."""
