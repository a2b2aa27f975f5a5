"""Step 7's further experiments: what else the gain may be, where it is, and how much more there is."""
