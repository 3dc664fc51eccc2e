"""A campaign's backtest for people: were the arms random, what did it do, do forecasts hold; terminal and page."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import frozen
from rich.console import Console

from wakeup.behaviour.backtest.coverage import Coverage
from wakeup.behaviour.backtest.judging import LEVELS
from wakeup.behaviour.backtest.randomised import ERROR_RATE
from wakeup.behaviour.backtest.trial import Kept, TrialBacktest
from wakeup.behaviour.backtest.trial_effect import Bounds, Effect
from wakeup.behaviour.backtest.trial_value import PAYERS
from wakeup.diagnostics import Count, Piece, Say
from wakeup.report import tables, terminal
from wakeup.report.charts import BLUE, ORANGE, Drawing, Span, forest
from wakeup.report.markup import Safe, element, join
from wakeup.report.numbers import NOTHING, bare
from wakeup.report.page import framed
from wakeup.report.parts import Block, Section
from wakeup.report.speech import Speech
from wakeup.terms.language import Language

KINDS: Final[Mapping[str, Piece]] = {
    "rates": Say("rate of an arm"),
    "lift": Say("difference to the control"),
    "value": Say("money per person"),
    "value_lift": Say("difference in money"),
}
"""What is forecast."""

_CLAIMED: Final = 0.9
_MOST_FEATURES: Final = 12
_WHALE: Final = 0.05


@frozen
class Money:
    """The currency of a table's values and its decimals."""

    currency: str
    digits: int

    def major(self, minor: float) -> float:
        """Return an amount in major units."""
        return minor / 10.0**self.digits


@frozen
class _Told:
    """A part of what is told: a table under a title, after it sentences; `picture` for the page."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    sentences: Sequence[str]
    picture: Drawing | None = None
    words: int = 1


def show_trial(found: TrialBacktest, console: Console, money: Money, lang: Language = "en") -> None:
    """Print a campaign's backtest."""
    s = Speech(lang)
    console.print(terminal.plain(_opening(s, found)))
    for part in _parts(s, found, money):
        if part.rows:
            console.print(terminal.table(part.title, part.head, part.rows, words=part.words))
        for sentence in part.sentences:
            console.print(terminal.plain(sentence))
        console.print()


def trial_html(found: TrialBacktest, money: Money, lang: Language = "en") -> bytes:
    """Return the page of a campaign's backtest; equal arguments give equal bytes.

    Raises:
        WakeupError: WK6009, the extra `wakeup[report]` is not installed.
    """
    s = Speech(lang)
    title = s.say("Backtest of a campaign: {name}", name=found.name)
    sections = []
    for part in _parts(s, found, money):
        blocks = []
        if part.rows:
            blocks.append(
                Block(tables.table(part.head, part.rows, words=part.words), (part.picture,) if part.picture else ())
            )
        blocks.append(Block(join(*(element("p", each) for each in part.sentences))))
        sections.append(Section(part.title, "", tuple(blocks)))
    first = join(element("h1", title), element("p", _opening(s, found), class_="lead"))
    foot = element(
        "footer",
        s.say("seed {seed}, {splits}", seed=found.seed, splits=Count(found.splits, "split")),
        " · ",
        s.say("made by wakeup"),
    )
    return framed(title, first, sections, Safe(), foot, lang)


def why_not_random(found: TrialBacktest) -> Piece:
    """Return in words what speaks against a draw by lot."""
    checked = found.checked
    if checked.p_missing is not None and checked.p_missing < ERROR_RATE:
        return Say("outcomes are missing from some arms more than from others")
    if checked.p_shares is not None and checked.p_shares < ERROR_RATE:
        return Say("people came to the arms in other shares than the stated ones")
    if checked.telling:
        return Say(
            "`{feature}` tells everybody's arm: people were chosen by it, or it says what the arm got",
            feature=checked.telling[0],
        )
    first = checked.differences[0]
    return Say(
        "`{feature}` in arm `{arm}` lies {deviations} standard deviations from the others"
        " (all features together: p {p})",
        feature=first.feature,
        arm=found.arms[first.arm].name,
        deviations=f"{first.deviations:+.2f}",
        p=_p(checked.p),
    )


def _opening(s: Speech, found: TrialBacktest) -> str:
    return s.say(
        "{name}: {people} in {arms}; the control is `{control}`.",
        name=found.name,
        people=Count(found.people, "customer"),
        arms=Count(len(found.arms), "arm"),
        control=found.arms[0].name,
    )


def _parts(s: Speech, found: TrialBacktest, money: Money) -> Iterator[_Told]:
    yield _arms(s, found, money)
    yield _random(s, found)
    if found.kept:
        yield _effects(s, found, money)
        yield _forecasts(s, found)


def _arms(s: Speech, found: TrialBacktest, money: Money) -> _Told:
    rows = []
    for arm in found.arms:
        row = (arm.name, f"{arm.people:,}", f"{arm.outcomes:,}", s.quantity(arm.rate, "share"))
        rows.append(row if arm.value is None else (*row, f"{money.major(arm.value):,.2f}"))
    head = [s.say("Arm"), s.say("Customers"), s.say("With the outcome"), s.say("Rate")]
    if found.arms[0].value is not None:
        head.append(s.say("{currency} per person", currency=s.unit(money.currency)))
    return _Told(s.say("Arms"), head, rows, ())


def _random(s: Speech, found: TrialBacktest) -> _Told:
    checked = found.checked
    rows = [
        (each.feature, found.arms[each.arm].name, f"{each.deviations:+.3f}")
        for each in checked.differences[:_MOST_FEATURES]
    ]
    head = (s.say("Feature"), s.say("Arm"), s.say("Standard deviations from the others"))
    if not checked.random:
        told = s.say("The arms are not random: {reason}.", reason=why_not_random(found))
        return _Told(
            s.say("Were the arms drawn by lot?"),
            head,
            rows,
            (told, s.say("So no effect can be read from them.")),
            words=2,
        )
    if checked.p is None:
        told = s.say("The table has no features, so nothing can tell whether the arms were drawn by lot.")
    else:
        told = s.say(
            "Nothing known before the campaign tells the arms apart (p {p} for all features together);"
            " a draw by lot is doubted below p {least}.",
            p=_p(checked.p),
            least=f"{ERROR_RATE:g}",
        )
    return _Told(s.say("Were the arms drawn by lot?"), head, rows, (told,), words=2)


def _effects(s: Speech, found: TrialBacktest, money: Money) -> _Told:
    level = f"{100 * found.effects[0].level:.3g} %"
    rows = [
        (
            each.arm,
            *(bare(number, "share", change=True) for number in _three(each.difference)),
            NOTHING if each.ratio is None else f"x{each.ratio.value:.2f}",
        )
        for each in found.effects
    ]
    head = (s.say("Arm"), s.say("Points"), s.say("Low"), s.say("High"), s.say("Ratio"))
    spans = [Span(each.arm, *_three(each.difference)) for each in found.effects]
    picture = forest(spans, s.say("points against the control"), percent=True)
    sentences = [s.say("Low and high: the {level} interval, people's features taken into account.", level=level)]
    sentences += [_verdict(s, each) for each in found.effects]
    sentences += [_paid(s, each, money) for each in found.effects if each.value is not None]
    sentences += [
        s.say(
            "{arm}: two halves of this campaign differ in its effect by {share} of it.", arm=each.arm, share=_share(gap)
        )
        for each, gap in zip(found.effects, found.between, strict=True)
        if each.seen
    ]
    return _Told(s.say("What the campaign did, against the control"), head, rows, sentences, picture)


def _three(each: Bounds) -> tuple[float, float, float]:
    return each.value, each.low, each.high


def _paid(s: Speech, each: Effect, money: Money) -> str:
    assert each.value is not None
    gap, low, high = (f"{money.major(number):+,.2f}" for number in _three(each.value))
    return s.say(
        "{arm}: {gap} {currency} per person ({low} to {high}).",
        arm=each.arm, gap=gap, low=low, high=high, currency=s.unit(money.currency),
    )  # fmt: skip


def _verdict(s: Speech, each: Effect) -> str:
    if each.seen:
        return s.say(
            "{arm}: an effect, {gap} ({interval}).",
            arm=each.arm,
            gap=s.quantity(each.difference.value, "share", change=True),
            interval=s.interval(each.difference.low, each.difference.high, "share", change=True),
        )
    if each.smallest is None:
        return s.say("{arm}: none that this campaign could see.", arm=each.arm)
    return s.say(
        "{arm}: none that this campaign could see; the smallest visible: {smallest}.",
        arm=each.arm,
        smallest=s.quantity(each.smallest, "share", change=True),
    )


def _forecasts(s: Speech, found: TrialBacktest) -> _Told:
    rows = []
    for kind, kept in found.kept.items():
        ratio = kept.width[_CLAIMED] / kept.analytic[_CLAIMED] if kept.analytic[_CLAIMED] else None
        held = (
            f"{_share(each.value)} ({_share(each.low, '')}–{_share(each.high, '')})" for each in kept.coverage.values()
        )
        width = NOTHING if ratio is None else f"x{ratio:.2f}"
        rows.append((s.told(KINDS[kind]), *held, f"{kept.coverage[_CLAIMED].intervals:,}", width))
    head = (s.say("Forecast"), *map(_share, LEVELS), s.say("Intervals"), s.say("Width"))
    sentences = [_held(s, kind, kept.coverage[_CLAIMED]) for kind, kept in found.kept.items()]
    if found.arms[0].value is not None and "value" not in found.kept:
        told = s.say("Money is not forecast: in some halves an arm has fewer than {least} payers.", least=PAYERS)
        sentences.append(told)
    if found.largest is not None and found.largest >= _WHALE:
        told = s.say(
            "One person paid {share} of all money: forecasts of money are off in whichever half that person is not.",
            share=_share(found.largest),
        )
        sentences.append(told)
    sentences.append(
        s.say("Width: against the interval that two samples of this size give by the textbook, without features.")
    )
    sentences.append(
        s.say(
            "All {splits} cut the same people: they show that intervals are honest for people like these at that time,"
            " and say nothing of another season or audience.",
            splits=Count(found.splits, "split"),
        )
    )
    return _Told(
        s.say("One half forecast from the other: intervals that held, by what they claim"),
        head,
        rows,
        sentences,
        _reliability(s, found.kept),
    )


def _held(s: Speech, kind: str, each: Coverage) -> str:
    return s.say(
        "{what}: of {intervals} intervals that claim {claimed}, {held} held ({share}; {low} to {high}).",
        what=KINDS[kind],
        intervals=f"{each.intervals:,}",
        claimed=_share(_CLAIMED),
        held=f"{each.held:,}",
        share=_share(each.value),
        low=_share(each.low),
        high=_share(each.high),
    )


def _reliability(s: Speech, kept: Mapping[str, Kept]) -> Drawing:
    """Return how many intervals held (points, with their interval) beside how many should (ticks)."""
    rows = [
        {
            "label": f"{s.told(KINDS[kind])}, {_share(level)}",
            "held": each.value,
            "low": each.low,
            "high": each.high,
            "claimed": level,
        }
        for kind, one in kept.items()
        for level, each in one.coverage.items()
    ]
    title = s.say("share of intervals that held; tick: what they claim")

    def draw(alt: Any) -> Any:
        base = alt.Chart(alt.Data(values=rows)).encode(
            y=alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=220, ticks=False, domain=False))
        )
        axis = alt.Axis(format="%", tickCount=5, titleAnchor="end")
        scale = alt.Scale(domain=[0.3, 1.0], clamp=True)
        whisker = base.mark_rule(color=BLUE, strokeWidth=3).encode(
            x=alt.X("low:Q", title=title, axis=axis, scale=scale), x2="high:Q"
        )
        point = base.mark_point(filled=True, size=80, color=BLUE, opacity=1).encode(x=alt.X("held:Q", scale=scale))
        tick = base.mark_tick(color=ORANGE, thickness=2, size=18).encode(x=alt.X("claimed:Q", scale=scale))
        return (whisker + point + tick).properties(width=420, height=28 * len(rows) + 50)

    return draw


def _share(value: float | None, sign: str = "\N{NO-BREAK SPACE}%") -> str:
    return NOTHING if value is None else f"{100.0 * value:.0f}{sign}"


def _p(p: float | None) -> str:
    if p is None:
        return NOTHING
    return "< 0.0001" if p < 0.0001 else f"= {p:.2g}"
