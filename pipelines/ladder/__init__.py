"""The ladder: from the baseline to the strong model, one cause a rung, and what each is worth."""
