from attrs import evolve

from wakeup.diagnostics import Bag, Diagnostic, Severity, diagnostic, in_language
from wakeup.diagnostics.bag import CAP_PER_SOURCE
from wakeup.source import Span


def problem(source: str, start: int, severity: Severity = Severity.ERROR) -> Diagnostic:
    return evolve(diagnostic("WK1001", Span(source, start, start + 1), file=f"{start}"), severity=severity)


def test_equal_problems_are_kept_once_and_sorted_by_place() -> None:
    bag = Bag()
    bag.extend([problem("b", 1), problem("a", 9), problem("a", 2), problem("a", 9)])
    assert [(d.span.source, d.span.start) for d in bag if d.span] == [("a", 2), ("a", 9), ("b", 1)]
    assert len(bag) == 3
    assert bag.shown() == tuple(bag)


def test_the_cap_counts_per_source_and_says_how_many_more() -> None:
    bag = Bag()
    bag.extend(problem("a", start) for start in range(CAP_PER_SOURCE + 3))
    bag.add(problem("b", 0))
    shown = bag.shown()
    assert len(shown) == CAP_PER_SOURCE + 2
    assert shown[CAP_PER_SOURCE].message == "3 more problems in a are not shown"
    assert shown[CAP_PER_SOURCE].severity is Severity.NOTE
    assert in_language(shown[CAP_PER_SOURCE], "zh").message == "a 中还有 3 个问题未显示"
    assert shown[-1] == problem("b", 0)


def test_warnings_never_push_an_error_out() -> None:
    bag = Bag()
    bag.extend(problem("a", start, Severity.WARNING) for start in range(CAP_PER_SOURCE + 5))
    bag.add(problem("a", 1_000))
    assert problem("a", 1_000) in bag.shown()
    assert bag.has_errors
    assert bag.count(Severity.WARNING) == CAP_PER_SOURCE + 5


def test_an_empty_bag_has_no_errors() -> None:
    assert not Bag().has_errors
    assert Bag().shown() == ()
