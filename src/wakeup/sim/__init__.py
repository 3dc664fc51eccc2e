"""The two simulators: the reference (the definition, one process per customer) and the array simulator."""
