"""Choosing among models: which are tried, how they are tuned, and which one is taken."""
