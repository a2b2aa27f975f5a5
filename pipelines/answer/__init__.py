"""The answer on the first screen: what the facts of all steps come to, decided here and printed elsewhere."""
