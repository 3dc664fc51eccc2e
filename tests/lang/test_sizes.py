"""A campaign of absurd size is refused at once, with the number that is allowed."""

import time

import pytest
from tests.lang.texts import CAMPAIGN, campaign

from wakeup.compile import compile_project
from wakeup.lang import MemoryFiles, load

TIER = "tier t{} by average_order_value {{ low: below 200 CNY, high: 200 CNY and up }}"
MESSAGE = 'message m{} via push {{ text: "Hello" }}'


def codes(text: str) -> list[str]:
    project, found = load("campaign.wake", MemoryFiles({"campaign.wake": text}))
    assert project is not None, found
    _, more = compile_project(project)
    return [each.code for each in (*found, *more)]


def lines(template: str, count: int) -> str:
    return "\n".join(template.format(number) for number in range(count))


def bands(count: int) -> str:
    middle = "\n".join(f"b{n}: {n} CNY up to {n + 1} CNY" for n in range(count - 1))
    return f"tier t by average_order_value {{\n{middle}\nlast: {count - 1} CNY and up\n}}\n"


def arms(count: int) -> str:
    return "journey all { split s {\n" + lines("1% a{} {{ send hello }}", count) + "\n} }\n"


@pytest.mark.parametrize(
    ("text", "what", "count"),
    [
        (campaign(lines(TIER, 1000)), "tiers", 1000),
        (campaign(bands(1000)), "bands", 1000),
        (campaign(journey=lines("journey j{} {{ send hello }}", 10_000)), "journeys", 10_000),
        (campaign(journey="journey all {" + "send hello; if clicked { wait 1d }\n" * 2000 + "}"), "steps", 6000),
        (campaign(journey=arms(150)), "arms", 150),
        (campaign(lines(MESSAGE, 5000)), "messages", 5001),
        (campaign("cadence {\n" + lines("at most 1 per 3{}d", 500) + "\n}"), "caps", 500),
        (campaign(journey=lines("journey j{} {{" + "wait 1d;" * 150 + "}}", 50)), "steps", 7500),
    ],
)
def test_too_much_of_one_thing(text: str, what: str, count: int) -> None:
    project, found = load("campaign.wake", MemoryFiles({"campaign.wake": text}))
    assert project is not None, found
    begun = time.process_time()
    _, more = compile_project(project)
    assert time.process_time() - begun < 10
    told = [each.message for each in more]
    assert any(each.startswith(f"{count} {what} here") for each in told)
    assert {each.code for each in more} == {"WK3324"}


@pytest.mark.parametrize(("most", "refused"), [("100", False), ("101", True), ("1_000_000", True)])
def test_a_cap_is_a_small_number(most: str, refused: bool) -> None:
    # Each person's sends are remembered one by one.
    assert ("WK2109" in codes(campaign(f"cadence {{ at most {most} per 30d }}"))) is refused


@pytest.mark.parametrize(("people", "refused"), [("10_000", False), ("10_001", True), ("1_000_000_000", True)])
def test_a_staff_is_as_large_as_a_company(people: str, refused: bool) -> None:
    parts = (
        f"staff desk {{ people: {people}, handles: 10min, hours: 09:00 to 18:00 }}",
        "service advice { cost: 1 CNY, staff: desk, line: all }",
        "budget 100 CNY { all: 100 CNY }",
    )
    found = codes(campaign(*parts, journey="journey all { send hello with advice }"))
    assert ("WK2109" in found) is refused


def test_a_large_campaign_is_fine() -> None:
    bare = "send hello; if clicked { wait 1d } else { wait 2d }\n"
    text = campaign(lines(TIER, 19), bands(99), journey="journey all {" + bare * 40 + "}")
    assert "WK3324" not in codes(text)


@pytest.mark.parametrize(
    ("run", "code"),
    [
        ("9999-12-01 through 9999-12-31", "WK2109"),
        ("0001-01-01 through 0001-12-31", "WK2109"),
        ("2199-12-01 through 2199-12-31", None),
        ("1971-01-01 through 1971-01-31", None),
    ],
)
def test_years_beyond_the_tables_of_the_zones_are_slips(run: str, code: str | None) -> None:
    found = codes(campaign(head=CAMPAIGN.replace("2026-09-01 through 2026-09-30", run)))
    assert [each for each in found if each == "WK2109"] == ([code] * 2 if code else [])


def test_a_split_without_arms_has_nothing_to_compare() -> None:
    assert codes(campaign(journey="journey all { split s { }\n send hello }")) == ["WK3321"]


@pytest.mark.parametrize(("length", "refused"), [(20_000, False), (20_001, True), (900_000, True)])
def test_a_text_is_no_page(length: int, refused: bool) -> None:
    page = f'message page via push {{ text: "{"x" * length}" }}'
    assert ("WK2109" in codes(campaign(page, journey="journey all { send page }"))) is refused


def test_a_message_repeats_only_the_beginning_of_what_was_written() -> None:
    whole = campaign(f'message page via push {{ text: "{"x" * 900_000}" }}')
    project, _ = load("campaign.wake", MemoryFiles({"campaign.wake": whole}))
    assert project is not None
    _, found = compile_project(project)
    assert max(len(each.message) for each in found) < 500


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (campaign(head=CAMPAIGN.replace("margin: 50%", "margin: 500%")), ["WK2109"]),
        (campaign("scenario s { from: 2026-09-01 through 2026-09-09, response: 0x }"), ["WK2109"]),
        (campaign("scenario s { down: nobody from 2026-09-03 at 09:00 for 6h }"), ["WK2001"]),
    ],
)
def test_what_was_said_badly_was_still_said(text: str, told: list[str]) -> None:
    assert codes(text) == told
