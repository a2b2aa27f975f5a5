"""How sure a comparison is: bootstrap, folds, verdicts, power, calibration, cost."""
