"""The changes that may explain a gain, and the ladder that climbs them."""
