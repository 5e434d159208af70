"""What `kithbook --help` lists: a module a command, named as it is, or a folder of its own."""
