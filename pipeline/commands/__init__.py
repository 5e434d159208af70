"""The typer commands, a module for each group of `--help`; each calls one function and prints."""
