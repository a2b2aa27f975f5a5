"""Names of models of groups, and of the numbers themselves, that pages ask for."""

ONE_HUMP = "one_gaussian"
STRAIGHT, BOOSTED = "numbers_straight", "numbers_boosted"
STRAIGHT_TOO, BOOSTED_TOO = "numbers_and_groups_straight", "numbers_and_groups_boosted"
