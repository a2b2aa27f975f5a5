"""What step 2 measures before any real model is fitted: trivial scores, pitfalls, what the test set can see."""
