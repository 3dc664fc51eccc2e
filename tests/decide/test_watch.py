import pytest
from tests.decide.tables import table

from wakeup.decide.guards import breached
from wakeup.decide.promotion import promoted, succeeded
from wakeup.plan.model import Guard

PAGE = "watch.md"
BUDGET = 1_000_000_000  # micros


def guard(text: str) -> Guard:
    condition, _, after = text.partition(" after ")
    figure, op, value, *unit = condition.split()
    count, _, name = after.partition(" ")
    kind = "budget_share" if unit[:1] == ["of"] else "money" if unit else "count"
    number = str(int(value[:-1]) / 100) if value.endswith("%") else value
    return Guard("g", figure, op, number, kind, "stop", int(count or 0), name)  # type: ignore[arg-type]


def tally(text: str) -> dict[str, int]:
    pairs = [each.split() for each in text.split(", ")]
    return {name: int(number) * (10_000 if name in ("spent", "gift_cost") else 1) for name, number in pairs}


@pytest.mark.parametrize("case", table(PAGE, "Guards"), ids=str)
def test_guards(case: dict[str, str]) -> None:
    assert breached(guard(case["when"]), tally(case["tally"]), BUDGET, 2) == (case["answer"] == "breach")


def test_a_figure_that_nobody_counts_is_an_error() -> None:
    with pytest.raises(ValueError, match="no guard can watch wit"):
        breached(guard("wit > 1"), {}, BUDGET, 2)


@pytest.mark.parametrize("case", table(PAGE, "Successes"), ids=str)
def test_successes(case: dict[str, str]) -> None:
    outcomes = [(int(each.split()[1]), each.split()[0]) for each in case["outcomes"].split(", ") if " " in each]
    assert succeeded(10, 7, case["counted"].split(" or "), outcomes) == (case["success"] == "yes")


@pytest.mark.parametrize("case", table(PAGE, "Winners"), ids=str)
def test_winners(case: dict[str, str]) -> None:
    arms = [each.split(" of ") for each in case["arms"].split(", ")]
    winner = promoted([int(won) for won, _ in arms], [int(people) for _, people in arms], 0.95)
    assert winner == (None if case["winner"] == "none" else int(case["winner"]) - 1)
