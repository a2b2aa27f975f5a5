"""What several steps measure with: metrics, paired intervals, verdicts, calibration, cost."""
