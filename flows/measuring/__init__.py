"""What steps and models cost in time and memory: measured on request, never by a rebuild."""
