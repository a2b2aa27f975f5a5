"""Facts in, words and pictures out."""
