"""The command line: a thin face over the packages; it alone reads the clock for a user."""
