"""What a plan gives to people: coupons, gifts, services, activities. Money is int minor units."""

from typing import Literal

from attrs import frozen

from wakeup.plan.predicates import Predicate
from wakeup.plan.times import Period


@frozen
class AmountOff:
    """`amount` off baskets of at least `threshold`, both minor units."""

    amount: int
    threshold: int
    kind: Literal["amount_off"] = "amount_off"


@frozen
class PercentOff:
    """`share` ("0.2") of the basket before discount, half up per order, for baskets of at least `threshold`."""

    share: str
    threshold: int = 0
    kind: Literal["percent_off"] = "percent_off"


@frozen
class Rung:
    """One step of a coupon: for people of `tier.band` (both empty: for everybody)."""

    discount: AmountOff | PercentOff
    valid: Period
    tier: str = ""
    band: str = ""


@frozen
class Coupon:
    """Money off an order, granted with a message. `limit` redemptions per person (None: no limit).

    Four kinds, one mechanism. `opens`, `closes`: a flash price is good in a fixed window [opens, closes) only.
    `reusable`: a member price is good for every order while it is valid. `rebate`: points are earned by the order and
    not taken off its price. `codes`: unique codes at hand; every grant uses one up for good (None: codes without end).
    """

    name: str
    title: str
    rungs: tuple[Rung, ...]
    line: str = ""
    limit: int | None = None
    stock: int | None = None
    reserve_face: bool = False
    codes: int | None = None
    opens: int | None = None
    closes: int | None = None
    reusable: bool = False
    rebate: bool = False
    kind: Literal["coupon", "flash_price", "member_price", "points"] = "coupon"


@frozen
class Gift:
    """Something handed over after a claim; `cost` minor units fall due then.

    Goods, content (a guide, a pack) or a membership. `bond`: from the handover the person belongs to the members
    that long. `scene`: whom content suits best (None: nobody in particular).
    """

    name: str
    title: str
    cost: int
    valid: Period
    line: str = ""
    limit: int | None = None
    stock: int | None = None
    bond: Period | None = None
    scene: Predicate | None = None
    kind: Literal["gift", "content", "membership"] = "gift"


@frozen
class Service:
    """A service given after a claim, by `staff` if named (queued from the claim); `cost` falls due when it begins."""

    name: str
    title: str
    cost: int
    valid: Period
    staff: str = ""
    line: str = ""
    limit: int | None = None
    stock: int | None = None
    kind: Literal["service"] = "service"


@frozen
class Activity:
    """Something to join; who completes it receives `reward` (a coupon or gift; "" for none).

    Five kinds, one mechanism. A challenge: do `task` on `days` days in a row. A draw: each join wins with probability
    `odds` (exact decimal), `wins` times at most. A survey: answered at once, with a score. An event: people are there
    at the instant `at` or not. A community: joined at once. `places`: joins taken in all (None: no limit). `cost` minor
    units fall due at the completion (a prize, a seat, a welcome). `bond`: as in `Gift`, from the completion.
    """

    name: str
    title: str
    task: str
    days: int
    reward: str
    valid: Period
    limit: int | None = None
    stock: int | None = None
    line: str = ""
    odds: str = ""
    wins: int | None = None
    places: int | None = None
    at: int | None = None
    cost: int = 0
    bond: Period | None = None
    kind: Literal["challenge", "draw", "survey", "event", "community"] = "challenge"


Incentive = Coupon | Gift | Service | Activity
