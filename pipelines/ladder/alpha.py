"""The level of all tests of step 7, by itself, since pages ask for it and import nothing that takes time."""

ALPHA = 0.05  # below which an adjusted p-value counts as beyond chance
