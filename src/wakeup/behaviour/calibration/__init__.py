"""Calibration: what a company's own logs say about behaviour, as rows that a campaign can import."""

from wakeup.behaviour.calibration.calibrate import calibrate
from wakeup.behaviour.calibration.learnt import Calibration, Kept, Learnt

__all__ = ["Calibration", "Kept", "Learnt", "calibrate"]
