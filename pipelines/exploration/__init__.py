"""Looking at the training rows: columns, relations, groups, leaks, drift, quick fits, and what they predict."""
