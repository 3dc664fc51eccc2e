"""How people behave: the protocol, the default model with its assumptions, and fitting organic life to a log."""

from wakeup.behaviour.circumstances import in_use
from wakeup.behaviour.default import Contact, DefaultBehaviour, DefaultModel, basis, parameter_values
from wakeup.behaviour.fitting import fit_organic
from wakeup.behaviour.forecast import median_chance, return_chances
from wakeup.behaviour.organic import Law
from wakeup.behaviour.parameters import Basis
from wakeup.behaviour.protocol import NEVER_AGAIN, Answers, Behaviour, Model, Offer, State

__all__ = [
    "NEVER_AGAIN",
    "Answers",
    "Basis",
    "Behaviour",
    "Contact",
    "DefaultBehaviour",
    "DefaultModel",
    "Law",
    "Model",
    "Offer",
    "State",
    "basis",
    "fit_organic",
    "in_use",
    "median_chance",
    "parameter_values",
    "return_chances",
]
