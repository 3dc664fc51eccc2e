"""The first screen: what the campaign is, whom it targets, what it would bring and how sure that is, in sentences."""

from datetime import datetime
from zoneinfo import ZoneInfo

from wakeup.figures.result import ExpectationResult, Figure, GoalResult, Result
from wakeup.plan.model import Plan
from wakeup.plan.wording import Wording
from wakeup.report.basis import shortlist
from wakeup.report.markup import Safe, element, join
from wakeup.report.risks import on_first_screen
from wakeup.report.sensitivity import name_of
from wakeup.report.shortfall import shortfall
from wakeup.report.speech import Speech


def opening(result: Result, plan: Plan, s: Speech) -> Safe:
    """Return the first screen of the page."""
    return join(
        element("h1", plan.title or plan.name),
        *([element("p", plan.doc, class_="soft")] if plan.doc else []),
        _concluded(s, result),
        _lead(s, result, plan),
        element("ul", *_findings(s, result, plan), class_="findings"),
        element("p", certainty(result, s), class_="note"),
        _judged(s, result),
        on_first_screen(result, s),
    )


def certainty(result: Result, s: Speech) -> str:
    """Return in words what the intervals of a result mean, or why there are none."""
    if result.replications == 1:
        return s.say("A single replication has no intervals: simulate more of them.")
    return s.say(
        "A forecast from {number} replications. Intervals: where 90 % of live runs would end, "
        "counting both chance and what nobody knows about these customers.",
        number=result.replications,
    )


def conclusions(s: Speech, result: Result) -> list[str]:
    """Return whether the campaign passes its own gates, the chance of each goal, what is at risk, what to find out
    first, what stays done."""
    more = (_chances(s, result), _at_risk(s, result), _first_to_test(s, result), _undoable(s, result))
    return [_verdict(s, result), *filter(None, more)]


def _concluded(s: Speech, result: Result) -> Safe:
    verdict, *more = conclusions(s, result)
    failed = any(each.status == "failed" for each in result.expectations)
    first = element("p", _bold(verdict), class_="verdict loss" if failed else "verdict")
    return join(first, *(element("p", each) for each in more))


def _verdict(s: Speech, result: Result) -> str:
    statuses = [each.status for each in result.expectations]
    if not statuses:
        return s.say("Launch or not is for you to say: no `expect` says what it has to bring.")
    if "failed" in statuses:
        return s.say(
            "Do not launch it as it is: it fails {failed} of its {all} expectations.",
            failed=statuses.count("failed"),
            all=len(statuses),
        )
    if "undecided" in statuses:
        return s.say(
            "Undecided: {open} of its {all} expectations are too close to call; simulate more replications.",
            open=statuses.count("undecided"),
            all=len(statuses),
        )
    return s.say("By its own expectations it may be launched: all {all} are met.", all=len(statuses))


def _chances(s: Speech, result: Result) -> str:
    told = [
        s.say("{claim}: {probability}", claim=each.text, probability=s.chance(each.probability))
        for each in result.goals
    ]
    return s.say("Chance of each goal: {goals}.", goals=s.say("; ").join(told)) if told else ""


def _at_risk(s: Speech, result: Result) -> str:
    planned, unit = result.risks[0], result.figures["incremental_profit"].unit
    if planned.tenth is None:
        return ""
    tenth = s.quantity(abs(planned.tenth), unit)
    if planned.tenth < 0:
        return s.say(
            "At risk: in one run of ten it loses more than {amount}; it loses money at all in {loss} of runs.",
            amount=tenth,
            loss=s.chance(planned.loss),
        )
    return s.say(
        "At risk: in one run of ten it earns less than {amount}; it loses money in {loss} of runs.",
        amount=tenth,
        loss=s.chance(planned.loss),
    )


def _first_to_test(s: Speech, result: Result) -> str:
    most = next(iter(shortlist(result, s)), None)
    moved = next(iter(result.sensitivity), None)
    if moved is not None and moved.size and not (most is not None and most.clear):
        unit = result.figures["incremental_profit"].unit
        return s.say(
            "To find out first: {what}; from one end of its range to the other it moves the profit by {amount}.",
            what=name_of(moved, s),
            amount=s.quantity(moved.size, unit),
        )
    if most is None:
        return ""
    if not most.clear:
        return s.say(
            "To find out first: perhaps {what} ({scope}); with {number} replications none stands out clearly.",
            what=most.meaning or most.name,
            scope=most.scope,
            number=result.replications,
        )
    told = s.say(
        "To find out first: {what} ({scope}), on which the profit hangs most.", what=most.meaning, scope=most.scope
    )
    worth = s.say("Knowing it before the launch is worth {amount}.", amount=most.worth) if most.worth else ""
    return s.run_on((told, worth, most.pilot))


def _undoable(s: Speech, result: Result) -> str:
    fixed = result.figures["fixed_cost"]
    booked = s.say("Nor the fixed costs, {amount}.", amount=s.quantity(fixed.value, fixed.unit)) if fixed.value else ""
    sent = _sent_for_good(s, result)
    return s.run_on((sent, booked)) if sent else ""


def _sent_for_good(s: Speech, result: Result) -> str:
    sent, discount, granted = (result.figures[name] for name in ("sent", "discount_cost", "grants"))
    if not sent.value:
        return ""
    messages = s.quantity(sent.value, sent.unit)
    if not granted.value:
        return s.say("What cannot be undone: {sent} messages.", sent=messages)
    if not discount.value:
        return s.say(
            "What cannot be undone: {sent} messages, and the {granted} offers that go with them, which are honoured.",
            sent=messages,
            granted=s.quantity(granted.value, granted.unit),
        )
    return s.say(
        "What cannot be undone: {sent} messages, and the coupons that go with them, which are honoured "
        "({cost} of discounts).",
        sent=messages,
        cost=s.quantity(discount.value, discount.unit),
    )


def _lead(s: Speech, result: Result, plan: Plan) -> Safe:
    held = result.figures["held_out"].value or 0
    told = s.safely(
        "The campaign runs from {start} to {end} ({zone}). It targets {targeted} of {customers} customers: {audience}.",
        start=_day(s, plan.start, plan),
        end=_day(s, plan.end - 1, plan),
        zone=plan.zone,
        targeted=_strong(s, result.figures["targeted"]),
        customers=f"{result.customers:,}",
        audience=Wording(plan, s.lang).condition(plan.audience),
    )
    apart = s.safely(" Another {held} are left alone for comparison.", held=_strong(s, result.figures["held_out"]))
    return element("p", told, *([apart] if held else []), class_="lead")


def _findings(s: Speech, result: Result, plan: Plan) -> list[Safe]:
    figures = result.figures
    if not figures["targeted"].value:
        return [
            element("li", s.say("Nobody is targeted: no customer is in the audience and in a journey."), class_="loss")
        ]
    woken = s.safely(
        "{woken} people wake up{within}, {rate} of those targeted. Without the campaign it would be {without}.",
        woken=_strong(s, figures["woken"]),
        within=_within(s, figures["woken"]),
        rate=_plain(s, figures["wake_rate"]),
        without=_without(s, figures["woken"], figures["incremental_woken"]),
    )
    orders = s.safely(
        "They place {orders} orders{within}; against leaving these people alone that is {more}{more_within}.",
        orders=_strong(s, figures["orders"]),
        within=_within(s, figures["orders"]),
        more=_strong(s, figures["incremental_orders"], change=True),
        more_within=_within(s, figures["incremental_orders"], change=True),
    )
    return [
        element("li", woken),
        element("li", orders),
        _earned(s, figures["incremental_profit"]),
        _cost(s, figures["spent"], plan),
    ]


def _earned(s: Speech, profit: Figure) -> Safe:
    """Return what the campaign earns beyond doing nothing; an interval across zero is said aloud."""
    value = profit.value or 0
    amount, within = _bold(s.quantity(abs(value), profit.unit)), _within(s, profit, change=True)
    if value >= 0:
        told = s.safely(
            "After all costs it earns {amount} against leaving these people alone{within}.",
            amount=amount,
            within=within,
        )
    else:
        told = s.safely(
            "After all costs it loses {amount} against leaving these people alone{within}.",
            amount=amount,
            within=within,
        )
    pieces = [told]
    if profit.low is not None and profit.high is not None and profit.low < 0 < profit.high:
        pieces.append(s.safely(" It may also lose money: the interval holds zero."))
    return element("li", *pieces, class_="" if value >= 0 else "loss")


def _cost(s: Speech, spent: Figure, plan: Plan) -> Safe:
    total = plan.budget.total / 10**plan.minor_digits if plan.budget else 0
    amount, within = _strong(s, spent), _within(s, spent)
    if not total or spent.value is None:
        return element("li", s.safely("It costs {amount}{within}.", amount=amount, within=within))
    told = s.safely(
        "It costs {amount}{within}, {share} of the budget of {total}.",
        amount=amount,
        within=within,
        share=s.quantity(spent.value / total, "share"),
        total=s.quantity(total, plan.currency),
    )
    return element("li", told)


def _judged(s: Speech, result: Result) -> Safe:
    """Return goals and expectations with their probabilities; nothing where the campaign states none."""
    said = [_goal(each, s) for each in result.goals]
    said += [_expectation(each, result, s) for each in result.expectations]
    if not said:
        return Safe()
    return join(element("h2", s.say("Goals and expectations")), element("ul", *said, class_="judged"))


def _goal(goal: GoalResult, s: Speech) -> Safe:
    told = s.safely(
        "Goal {claim}: reached with probability {probability}.",
        claim=element("code", goal.text),
        probability=_bold(s.chance(goal.probability)),
    )
    return element("li", told)


def _expectation(expected: ExpectationResult, result: Result, s: Speech) -> Safe:
    mark = "mark" if expected.status == "ok" else "mark bad"
    told = s.safely(
        "Expectation {claim}: {status}. It holds with probability {probability}; {asked} is asked for.",
        claim=element("code", expected.text),
        status=element("span", s.status(expected.status), class_=mark),
        probability=s.chance(expected.probability),
        asked=s.say("always") if expected.sure is None else s.chance(expected.sure),
    )
    why = shortfall(expected, result, s)
    return element("li", told, *([element("p", why, class_="note")] if why else []))


def _without(s: Speech, gross: Figure, incremental: Figure) -> Safe:
    if gross.value is None or incremental.value is None:
        return _bold(s.quantity(None, gross.unit))
    return _bold(s.quantity(gross.value - incremental.value, gross.unit))


def _strong(s: Speech, figure: Figure, *, change: bool = False) -> Safe:
    return _bold(s.quantity(figure.value, figure.unit, change=change))


def _bold(text: str) -> Safe:
    return element("strong", text)


def _plain(s: Speech, figure: Figure) -> str:
    return s.quantity(figure.value, figure.unit)


def _within(s: Speech, figure: Figure, *, change: bool = False) -> str:
    """Return the interval in brackets; nothing where there is none, since the note below says why."""
    if figure.low is None or figure.high is None:
        return ""
    return s.say(" ({interval})", interval=s.interval(figure.low, figure.high, figure.unit, change=change))


def _day(s: Speech, instant: int, plan: Plan) -> str:
    day = datetime.fromtimestamp(instant, ZoneInfo(plan.zone))
    return f"{day.day} {day:%B %Y}" if s.lang == "en" else f"{day.year}年{day.month}月{day.day}日"
