"""Checking the data against the project's one declaration: at the gate, row by row, and between steps."""
