"""What is kept of a plan is found by which plan it is: comparing two takes longer than most of what is kept."""

from attrs import field, frozen


@frozen
class Same:
    """A plan, or a part of one, equal to itself alone; a key of what is worked out from it once."""

    it: object = field(eq=id)
