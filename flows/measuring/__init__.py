"""What steps and models take: measured on purpose, never by a rebuild."""
