"""Live: the plan that was simulated, run for real: durable, crash-safe, on real channels."""
