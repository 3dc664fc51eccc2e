"""Arms of a split: half-open ranges of a person's hash (SEMANTICS 10)."""

from wakeup.plan.model import Split


def arm_of(split: Split, share: float, winner: int | None = None) -> int:
    """Return the index of the arm that owns `share` of [0, 1), or the promoted winner.

    Raises:
        ValueError: the arms leave a gap at `share`; the checker makes sure that they do not.
    """
    if winner is not None:
        return winner
    for index, arm in enumerate(split.arms):
        if float(arm.low) <= share < float(arm.high):
            return index
    raise ValueError(f"no arm of split {split.name} holds {share}")
