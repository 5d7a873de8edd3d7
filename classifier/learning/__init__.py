"""From labelled rows to heads: folds, fitting, calibration, thresholds."""
