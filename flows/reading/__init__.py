"""Reading a user's table, whatever kind of file it is in."""
