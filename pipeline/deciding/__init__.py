"""What the user says: of one person, of two, of the thirty likeliest, and taken back."""
