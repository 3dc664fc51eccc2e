"""The frozen plan that the text side makes and the run side reads: rows, JSON, fingerprints."""
