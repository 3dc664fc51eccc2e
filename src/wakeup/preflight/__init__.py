"""Checks that need people: who is reached, what an experiment can see, what stock and budget will be asked for."""

from wakeup.preflight.check import check
from wakeup.preflight.sorting import sorting

__all__ = ["check", "sorting"]
