"""Backtests: forecasts made as if from the past, held against what came."""
