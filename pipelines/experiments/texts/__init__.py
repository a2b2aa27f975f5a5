"""Step 7's experiments on texts."""
