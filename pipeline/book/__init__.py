"""The book on the disk: the state file, the decisions, the build in SQL, the published file."""
