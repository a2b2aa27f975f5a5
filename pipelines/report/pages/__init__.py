"""The pages, each a list of sections, or words around a list of them."""
