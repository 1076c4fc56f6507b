"""What is the state of everything, and what was there before: reads the database, changes nothing."""
