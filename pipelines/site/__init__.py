"""The pages for a browser: the same Markdown, each number with the fact behind it."""
