"""What came of it: accumulators, the Result, sinks."""
