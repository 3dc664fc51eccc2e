"""Commands of a real run: start it, watch it, stop it."""
