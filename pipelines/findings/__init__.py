"""What step 7 found, in sentences whose numbers are bound to facts."""
