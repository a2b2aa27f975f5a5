"""What is said aloud about a project: in plain speech, with few and rounded numbers, each bound to its fact."""
