"""Exit codes: the contract with scripts and CI."""

from typing import Final

FINE: Final = 0
WRONG_INPUT: Final = 1
"""The file, the data or the usage is wrong."""
EXPECTATION_FAILED: Final = 2
GATE_FAILED: Final = 2
"""A plan changed in a way that `--gate` watches."""
REFUSED: Final = 3
"""Refused for safety: nobody has approved it, or it was never simulated."""

OUR_BUG: Final = 4
INTERRUPTED: Final = 130
