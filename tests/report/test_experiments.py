"""The tests of a campaign in the report: on a terminal and on the page, in both languages."""

import io

from attrs import evolve
from rich.console import Console
from tests.report import made

from wakeup.figures.result import ArmShare, Comparison, Experiment, Figure, Result
from wakeup.report import html
from wakeup.report.experiments import rows, sentences
from wakeup.report.sections import experiments
from wakeup.report.speech import Speech
from wakeup.report.terminal import show

CONTROL = Experiment(
    "",
    "",
    "woken",
    (ArmShare("held_out", 0.1, 4_230.0, 0.1), ArmShare("treated", 0.9, 38_112.0, 0.125)),
    0.43,
    (Comparison("treated", "held_out", 0.025, 0.0149, 0.0347, 0.75, 3.2, -0.4, 6.8),),
)
SPLIT = Experiment(
    "potential",
    "kit_or_coupon",
    "woken",
    (ArmShare("kit", 0.5, 2_326.0, 0.126), ArmShare("coupon", 0.5, 2_310.4, 0.118)),
    0.8,
    (Comparison("coupon", "kit", -0.0086, -0.0275, 0.0102, 0.003, 0.54, None, None),),
    "kit",
    Figure(12.0, -5.0, 29.0, "count", {}),
    Figure(-1_250.0, None, None, made.CURRENCY, {}),
)


def with_tests(*tests: Experiment) -> Result:
    return evolve(made.result(), experiments=tests or (CONTROL, SPLIT))


def printed(result: Result, lang: str = "en") -> list[str]:
    out = io.StringIO()
    show(result, Console(file=out, width=80), "zh" if lang == "zh" else "en")
    return out.getvalue().splitlines()


def test_arms_stand_beside_the_first_of_their_test() -> None:
    found = [each.shares() for each in rows(with_tests(), Speech())]
    assert found == [
        ("control group: held out", "4,230", "10.0\N{NO-BREAK SPACE}%", "–", "–", "–"),
        (
            "control group: treated",
            "38,112",
            "12.5\N{NO-BREAK SPACE}%",
            "+2.50",
            "+1.49 to +3.47",
            "75\N{NO-BREAK SPACE}%",
        ),
        ("kit_or_coupon: kit", "2,326", "12.6\N{NO-BREAK SPACE}%", "–", "–", "–"),
        (
            "kit_or_coupon: coupon",
            "2,310",
            "11.8\N{NO-BREAK SPACE}%",
            "−0.86",
            "−2.75 to +1.02",
            "under 1\N{NO-BREAK SPACE}%",
        ),
    ]
    assert [each.money()[1:] for each in rows(with_tests(), Speech()) if each.compared] == [
        ("+3.20\N{NO-BREAK SPACE}CNY", "−0.40 to +6.80\N{NO-BREAK SPACE}CNY"),
        ("+0.54\N{NO-BREAK SPACE}CNY", "–"),
    ]


def test_the_price_of_testing_is_told() -> None:
    *_, told = sentences(with_tests(), Speech())
    assert "kit, the arm with the highest share, for everybody" in told
    assert "+12 (−5 to +29) orders and −1,250\N{NO-BREAK SPACE}CNY of profit" in told


def test_what_is_measured_is_told() -> None:
    assert sentences(with_tests(), Speech())[0].startswith("Share: of people who woke up. Points: ")
    by_orders = sentences(with_tests(CONTROL, evolve(SPLIT, figure="converted")), Speech())[0]
    assert by_orders.startswith("Share: of people who woke up; in `kit_or_coupon`: who ordered.")


def test_arms_that_are_not_as_planned_are_named() -> None:
    fair = sentences(with_tests(), Speech())[1]
    assert fair == "People came to the arms of every test as planned."
    strange = sentences(with_tests(CONTROL, evolve(SPLIT, sample_ratio_p=0.0004)), Speech())[1]
    assert strange.startswith("kit_or_coupon: people did not come to its arms as planned (chance under 1")
    assert sentences(with_tests(evolve(CONTROL, sample_ratio_p=0.0004)), Speech())[1].startswith(
        "control group: people did"
    )


def test_on_a_terminal_it_fits_in_both_languages() -> None:
    for lang, title in (("en", "Tests, as one live run would read them"), ("zh", "各项测试：真做一次会看到什么")):
        lines = printed(with_tests(), lang)
        assert any(title in line for line in lines)
        assert max(map(len, lines)) <= 80
    assert not any("Tests, as" in line for line in printed(made.result()))


def test_on_the_page_in_both_languages() -> None:
    page = html(with_tests(), made.plan(), "").decode()
    assert "Tests, as one live run would read them" in page
    assert "−2.75 to +1.02" in page
    chinese = experiments(with_tests(), made.plan(), Speech("zh"))
    assert chinese is not None
    assert chinese.title == "各项测试：真做一次会看到什么"
    assert all("对照组：实验组" in block.table for block in chinese.blocks)


def test_without_tests_there_is_no_section() -> None:
    assert rows(made.result(), Speech()) == []
    assert sentences(made.result(), Speech()) == []
    assert experiments(made.result(), made.plan(), Speech()) is None
