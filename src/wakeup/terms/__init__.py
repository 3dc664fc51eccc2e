"""Closed lists as data (outcomes, figures, reasons, kinds, behaviour parameters), and the packaged-data function."""
