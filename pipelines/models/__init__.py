"""Models: how they are fitted on the shared folds, chosen, described and saved."""
