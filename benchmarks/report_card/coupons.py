"""Coupons of a grocery chain: how many are redeemed, when, and whether people were chosen for them."""

from pathlib import Path

import duckdb
import numpy as np

from benchmarks.report_card.card import Check, Picture, Section, band, holding, opened, percent
from benchmarks.report_card.pictures import Span, spans
from wakeup.behaviour.backtest.randomised import randomised
from wakeup.behaviour.timing import redemption
from wakeup.customers.population import Field
from wakeup.stats import normal_quantile
from wakeup.terms.behaviour import Prior, parameters

FILES = {
    name: f"completejourney/{name}.parquet"
    for name in ("campaigns", "campaign_descriptions", "coupon_redemptions", "transactions_sample")
}
TENTHS = 10
CAUSE = (
    "most likely since these coupons are good for single products, which a household may not buy; `remembers` is"
    " about a coupon on the whole basket"
)
LATER = (
    "the density falls from the first day on, these redemptions rise first: most likely since the coupons come by"
    " post, and the household must go to the shop and need the product first"
)
ABOUT = (
    "A grocery chain sent coupons to households that buy there weekly, in campaigns of three types. A household that"
    " comes within the validity anyway uses a coupon with the probability `remembers`; the moment has the two-mode"
    " density with the parameters `redemption_early`, `redemption_decay` and `deadline_bump`. Both are held against"
    " their medians and 90 % ranges as shipped; nothing is fitted here. Households redeem several coupons at a time,"
    " so a tenth's band is that of as many independent coupons as would scatter like these."
)
_RATES = """
WITH used AS (SELECT DISTINCT campaign_id, household_id FROM coupon_redemptions)
SELECT campaign_type, count(*), count(used.household_id)
FROM campaigns JOIN campaign_descriptions USING (campaign_id) LEFT JOIN used USING (campaign_id, household_id)
GROUP BY campaign_type ORDER BY campaign_type
"""
_TIMES = """
SELECT household_id, least(floor(10.0 * (redemption_date - start_date) / (end_date - start_date + 1)), 9) AS tenth,
       count(*) AS coupons
FROM coupon_redemptions JOIN campaign_descriptions USING (campaign_id)
WHERE redemption_date BETWEEN start_date AND end_date GROUP BY ALL ORDER BY ALL
"""
_BEFORE = """
WITH large AS (SELECT campaign_id FROM campaigns GROUP BY campaign_id ORDER BY count(*) DESC, campaign_id LIMIT 1),
c AS (SELECT start_date FROM campaign_descriptions WHERE campaign_id IN (FROM large)),
m AS (SELECT household_id FROM campaigns WHERE campaign_id IN (FROM large))
SELECT household_id, CAST(household_id IN (FROM m) AS BIGINT) AS arm,
       coalesce(sum(sales_value) FILTER (transaction_timestamp < start_date), 0) AS spent,
       count(DISTINCT basket_id) FILTER (transaction_timestamp < start_date) AS trips
FROM transactions_sample, c GROUP BY ALL ORDER BY household_id
"""


def redeemed(folder: Path) -> Section:
    """Hold redemptions against `remembers` and the two-mode timing, and look whether the arms are random."""
    tables = opened(folder, FILES)
    rates, rate_rows, rate_picture = _rates(tables)
    times, time_rows, time_picture = _times(tables)
    return Section(
        "Coupons: how many, and when",
        (ABOUT,),
        [("what", "seen", "expected", "band", "of", ""), *rate_rows, *time_rows],
        [*rates, *times, _chosen(tables)],
        [
            Picture(
                "redemption-rate", "Households that redeem, by type of campaign, against `remembers`", rate_picture
            ),
            Picture("redemption-time", "Redemptions by tenth of validity against the assumed timing", time_picture),
        ],
    )


def _rates(tables: duckdb.DuckDBPyConnection) -> tuple[list[Check], list[tuple[str, ...]], str]:
    found = tables.execute(_RATES).fetchall()
    prior = _prior("remembers")
    low, high = (_logit_shift(prior, z) for z in (-_Z90, _Z90))
    checks, rows, picture = [], [], []
    for name, people, used in found:
        share = used / people
        # What was seen has doubt of its own: it must not lie outside with all of its band.
        least, most = band(share, people)
        holds = most >= low and least <= high
        checks.append(
            Check(
                f"`remembers` ({percent(prior.median, 0)}, {percent(low, 0)} to {percent(high, 0)}) covers the share of"
                f" households that redeem, {name}",
                "completejourney",
                f"{percent(share)} of {people:,}",
                holds,
                CAUSE,
            )
        )
        rows.append((f"redeems, {name}", percent(share), percent(prior.median), f"{percent(low)} to {percent(high)}",
                     f"{people:,}", holding(holds)))  # fmt: skip
        picture.append(Span(name, low, high, share))
    return checks, rows, spans(picture, "share of households that redeem; grey: what is assumed", 0.5)


def _times(tables: duckdb.DuckDBPyConnection) -> tuple[list[Check], list[tuple[str, ...]], str]:
    found = tables.execute(_TIMES).fetchnumpy()
    tenth, coupons = np.asarray(found["tenth"], np.int64), np.asarray(found["coupons"], np.float64)
    counts = np.bincount(tenth, coupons, TENTHS)
    seen = counts / counts.sum()
    _, household = np.unique(np.asarray(found["household_id"], str), return_inverse=True)
    of_household = np.bincount(household, coupons)
    rows, picture, failed = [], [], 0
    for at, expected in enumerate(_expected()):
        effective = _effective(seen[at], np.bincount(household, coupons * (tenth == at)), of_household)
        low, high = band(expected, effective)
        holds = bool(low <= seen[at] <= high)
        failed += not holds
        name = f"tenth {at + 1}"
        rows.append((f"redeemed in {name}", percent(seen[at]), percent(expected), f"{percent(low)} to {percent(high)}",
                     f"{counts.sum():,.0f}, worth {effective:,.0f}", holding(holds)))  # fmt: skip
        picture.append(Span(name, low, high, float(seen[at])))
    check = Check(
        "redemptions by tenth of validity lie within the band of the assumed timing",
        "completejourney",
        f"{TENTHS - failed} of {TENTHS} tenths",
        failed == 0,
        LATER,
    )
    return [check], rows, spans(picture, "share of redemptions; grey: what is assumed", 0.24)


def _expected() -> np.ndarray:
    """The share of redemptions in each tenth, by the table that the simulators draw from."""
    early, decay, bump = (_prior(name).median for name in ("redemption_early", "redemption_decay", "deadline_bump"))
    table = redemption(decay, early, bump).table
    share = np.interp(np.linspace(0.0, 1.0, TENTHS + 1), table, np.linspace(0.0, 1.0, len(table)))
    return np.diff(share)


def _effective(share: float, of_tenth: np.ndarray, of_household: np.ndarray) -> float:
    """How many independent coupons scatter as these do, by the spread between households (ratio estimator)."""
    total = of_household.sum()
    variance = float(((of_tenth - share * of_household) ** 2).sum()) / total**2
    return share * (1.0 - share) / variance


def _chosen(tables: duckdb.DuckDBPyConnection) -> Check:
    """Were the households of the largest campaign drawn by lot? They were not, and the check must say so."""
    found = tables.execute(_BEFORE).fetchnumpy()
    features = {name: Field("number", np.asarray(found[name], np.float64)) for name in ("spent", "trips")}
    checked = randomised(np.asarray(found["arm"], np.int64), features)
    first = checked.differences[0]
    return Check(
        "the check of randomisation says that the households of the largest campaign were chosen",
        "completejourney",
        f"“{first.feature}” before the campaign lies {abs(first.deviations):.2f} standard deviations apart",
        not checked.random,
        "the check does not see it",
    )


def _prior(name: str) -> Prior:
    return next(prior for prior in parameters()[name].priors if prior.scope == "kind:coupon")


_Z90 = normal_quantile(0.95)


def _logit_shift(prior: Prior, z: float) -> float:
    return float(1.0 / (1.0 + (1.0 - prior.median) / prior.median * np.exp(-prior.sd * z)))
