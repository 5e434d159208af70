"""`kithbook import`: old books come in, are shown before, and are told of."""
