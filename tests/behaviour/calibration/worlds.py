"""Made-up shops: people, a campaign with a holdout, behaviour drawn from what is assumed; then their logs."""

import csv
from pathlib import Path

import numpy as np
from attrs import evolve, frozen
from tests.sim.plans import DAY, END, START, campaign, coupon, journey, send, wait

from wakeup.behaviour import DefaultBehaviour
from wakeup.behaviour.calibration import Calibration, calibrate
from wakeup.behaviour.parameters import assume, value
from wakeup.cli.past_campaign import assigned_of, stage_of
from wakeup.customers import from_history
from wakeup.customers.imported import Snapshots
from wakeup.customers.past import Contacts, Past, PastFiles
from wakeup.customers.past.contacts import ANSWERS, Joins, Offers, Redemptions, Sends
from wakeup.figures.eventfile import event_file
from wakeup.plan.model import Arm, Assumption, Band, Elapsed, Gift, Jump, Plan, Split, Tier
from wakeup.sim.array import run
from wakeup.sim.task import Task


@frozen
class World:
    """A campaign, its customers' order log, and the seed and replication whose draws are the truth."""

    plan: Plan
    orders: Path
    events: Path
    seed: int
    replication: int

    def truth(self, parameter: str, scope: str) -> float:
        """What a parameter really is."""
        return value(assume(self.plan).row(parameter, scope), self.seed, self.replication)

    def past(self) -> Past:
        """The logs, read; who comes back by themselves is left as assumed."""
        past = PastFiles(
            self.orders,
            self.events,
            stage=stage_of(self.plan),
            assigned=assigned_of(self.plan, from_history(self.orders, as_of=START)),
        ).read()
        return evolve(past, snapshots=Snapshots.none())

    def calibrated(self) -> Calibration:
        """What calibration learns."""
        return calibrate(self.past(), minor_digits=2, zone="UTC")


def plan_of(holdout: str = "0.3") -> Plan:
    """A third each get an e-mail, the same with a coupon, or one that shows a gift; after a week a text message."""
    arms = (Arm("bare", "0", "0.34", 1), Arm("offer", "0.34", "0.67", 3), Arm("gift", "0.67", "1", 5))
    sample = Gift("sample", "", 0, Elapsed(14 * DAY))
    program = (
        Split("offers", "salt", arms),
        send("letter", step="bare"),
        Jump(6),
        send("letter", "gift5", step="offer"),
        Jump(6),
        send("letter", "sample", step="gift"),
        wait(7, "order"),
        send("nudge", step="again"),
        wait(7, "order"),
    )
    offer = coupon(2_000, 5_000, days=14)
    value = Tier("value", "average_order_value", "money", (Band("small", None, 5_400), Band("big", 5_400, None)))
    unequal = [
        Assumption("tier_response", f"tier:value={band.name}", 1.0, 0.3, "log", "", "none") for band in value.bands
    ]
    return campaign(
        journey(*program),
        holdout=holdout,
        incentives=(offer, sample),
        tiers=(value,),
        assumptions=tuple(unequal),
        end=END,
        follow_up=0,
    )


def write_orders(path: Path, people: int, seed: int) -> None:
    """Write a log of so many customers, asleep for one to fourteen months at the start of the campaign."""
    draw = np.random.default_rng(seed)
    asleep = np.exp(draw.uniform(np.log(30), np.log(420), people))
    count = draw.geometric(0.4, people)
    worth = np.exp(draw.normal(8.6, 0.5, people))
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["customer_id", "date", "amount"])
        for who in range(people):
            for back in range(count[who]):
                at = int(START - (asleep[who] + 40 * back) * DAY)
                stamp = np.datetime64(at, "s").astype(str).replace("T", " ")
                rows.writerow([f"c{who}", stamp, f"{worth[who] / 100:.2f}"])


def make_world(folder: Path, seed: int, *, people: int = 5_000, replication: int = 1, holdout: str = "0.3") -> World:
    """Simulate the campaign on made-up customers whose behaviour is drawn from what is assumed (0: it is just that)."""
    orders, events = folder / f"orders{seed}.csv", folder / f"events{seed}.parquet"
    write_orders(orders, people, seed)
    plan = plan_of(holdout)
    population = from_history(orders, as_of=START).population
    with event_file(events, plan) as sink:
        sink.begin()
        run(Task(plan, population, DefaultBehaviour(), seed, replication), sink)
    return World(plan, orders, events, seed, replication)


def contacts_of_uses(moments: np.ndarray) -> Contacts:
    """Contacts of which nothing is known but when coupons were used, as shares of their validity."""
    count, none, no_instants = len(moments), np.empty(0, np.int64), np.empty(0, np.int64)
    seen = np.zeros(count, np.int64)
    return Contacts(
        channels=(),
        incentives=("off",),
        kinds={},
        incentive_kinds={"off": "coupon"},
        campaigns=1,
        end=2_000_000,
        known_until=2_000_000,
        recorded=frozenset({"redeemed"}),
        sends=Sends(none, no_instants, none, dict.fromkeys(ANSWERS, no_instants)),
        offers=Offers(none, none, no_instants, np.empty(0, np.bool_)),
        joins=Joins(none, no_instants, no_instants),
        redemptions=Redemptions(seen, seen, (1_000_000 * moments).astype(np.int64), np.full(count, 1_000_000)),
        reached={},
    )
