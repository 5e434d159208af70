"""`kithbook init` and the login at Google."""
