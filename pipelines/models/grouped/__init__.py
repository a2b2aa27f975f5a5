"""Models that put rows into groups: k-means, mixtures and dense regions, and the numbers themselves beside them."""
