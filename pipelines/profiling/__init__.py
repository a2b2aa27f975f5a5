"""What a table seems to hold, and the project file that says so: guesses with their reasons, for a user to correct."""
