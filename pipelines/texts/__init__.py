"""Columns of text: their words, what they must hold to be used as text, and which of them are near copies."""
