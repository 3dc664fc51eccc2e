"""What people do: parameters to probabilities and answers; priors and calibration."""
