"""Models of texts: blocks of features, each with a linear model of its own, and one linear model that joins them."""
