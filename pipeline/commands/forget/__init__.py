"""`kithbook forget`: all that is kept of somebody is deleted, for good."""
