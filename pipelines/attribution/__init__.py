"""Step 7's controlled experiments: one factor, feature, pair, column or slice at a time."""
