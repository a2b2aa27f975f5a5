"""What lies where in the repository, and how it is read and written."""
