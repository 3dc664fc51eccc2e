"""Several campaigns over the same people on one clock (docs/semantics/together.md)."""
