"""What leaves the book as files: tables and vCards."""
