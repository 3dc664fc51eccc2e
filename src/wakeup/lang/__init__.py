"""Meaning of the tree alone: imports, names, types, checks (one file per family)."""
