"""What only looks at the published file and prints."""
