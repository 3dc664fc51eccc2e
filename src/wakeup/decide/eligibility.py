"""Who takes part: the audience, the journey, the holdout, the waves (SEMANTICS 13-15)."""

from collections.abc import Sequence

from wakeup.decide.predicates import Facts, holds
from wakeup.plan.model import Plan


def eligible(plan: Plan, facts: Facts) -> bool:
    """Return whether the audience takes the person: only yes does."""
    return holds(plan.audience, facts) is True


def journey_of(plan: Plan, facts: Facts) -> int | None:
    """Return the index of the first journey, in file order, that matches; None if none does."""
    for index, journey in enumerate(plan.journeys):
        if holds(journey.match, facts) is True:
            return index
    return None


def held_out(plan: Plan, share: float) -> bool:
    """Return whether a person whose hash falls at `share` of [0, 1) is kept as control."""
    return share < float(plan.holdout)


def wave_of_each(places: Sequence[tuple[float, int]], held: Sequence[bool], per_day: int | None) -> list[int]:
    """Return the wave of each member of a journey: the treated by rank, the held-out the wave that their hash falls in.

    Args:
        places: (share, key) of each member.
        held: whether the member is held out.
        per_day: people to a wave, None: all are in wave 0.
    """
    treated = [place for place, control in zip(places, held, strict=True) if not control]
    ranked = iter(waves(treated, per_day))
    return [
        control_wave(share, len(treated), per_day) if control else next(ranked)
        for (share, _), control in zip(places, held, strict=True)
    ]


def waves(places: Sequence[tuple[float, int]], per_day: int | None) -> list[int]:
    """Return each treated person's wave from their (share, key): ranks in ascending order, `per_day` to a wave."""
    ranked = sorted(range(len(places)), key=places.__getitem__)
    result = [0] * len(places)
    for rank, person in enumerate(ranked):
        result[person] = wave_of_rank(rank, per_day)
    return result


def control_wave(share: float, treated: int, per_day: int | None) -> int:
    """Return the wave that a held-out person's hash falls in, among `treated` people of the journey."""
    return wave_of_rank(int(share * treated), per_day)


def wave_of_rank(rank: int, per_day: int | None) -> int:
    """Return the wave of the rank; without `per_day` all are in wave 0."""
    return 0 if per_day is None else rank // per_day
