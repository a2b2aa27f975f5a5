"""What every step relies on: the project file, the table, errors, and the door to parallel work."""
