import re

from attrs import evolve
from hypothesis import given
from tests.lang.texts import campaign, compiled
from tests.plan.strategies import plans

from wakeup.plan.mermaid import mermaid
from wakeup.plan.model import Jump, Plan
from wakeup.plan.predicates import HasTag

LABEL = r'"(?P<label>[^"#&<>`]*(?:(?:#(?:\d+|\w+);|<br/>)[^"#&<>`]*)*)"'
NODE = re.compile(rf"(?P<id>\w+)(?P<open>\(\[|\[|\{{\{{|\{{){LABEL}(?P<close>\]\)|\]|\}}\}}|\}})")
EDGE = re.compile(rf"(?P<source>\w+) (?:-\.->|-->)(?:\|{LABEL}\|)? (?P<target>\w+)")
FRAME = re.compile(rf"flowchart TD|subgraph \w+ \[{LABEL}\]|end")


def read(text: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """Nodes with their labels, and arrows; every line is one of the forms above."""
    nodes: dict[str, str] = {}
    edges = []
    for line in map(str.strip, text.splitlines()):
        if node := NODE.fullmatch(line):
            assert node["id"] not in nodes
            nodes[node["id"]] = node["label"]
        elif edge := EDGE.fullmatch(line):
            edges.append((edge["source"], edge["target"]))
        else:
            assert FRAME.fullmatch(line), line
    return nodes, edges


@given(plans())
def test_every_step_is_drawn_and_every_arrow_leads_somewhere(plan: Plan) -> None:
    nodes, edges = read(mermaid(plan))
    assert {end for edge in edges for end in edge} <= nodes.keys()
    steps = sum(not isinstance(step, Jump) for journey in plan.journeys for step in journey.program)
    fallbacks = sum("else" in node for node in nodes)
    assert len(nodes) - fallbacks == steps + 2 * len(plan.journeys)


def test_a_journey_with_everything() -> None:
    nudge = 'message nudge via sms { text: "Your offer. Reply R to stop.", else: hello }'
    sms = "channel sms { kind: sms, cost: 0.05 CNY per part, quiet: 22:00 to 08:00 otherwise delay, optout: required }"
    off = "coupon off { discount: 30 CNY off 100 CNY, valid: 7d }"
    journey = """journey all {
      start: 1_000 per day from 2026-09-01 at 10:00
      split s measuring wake_rate { 60% a { send nudge with off } 40% b { send hello } }
      promote winner after 5d sure 95%
      wait 5d for click
      if clicked { exit }
      wait 1d
    }"""
    text = mermaid(compiled(campaign(sms, nudge, off, journey=journey)))
    assert text == (
        "flowchart TD\n"
        '    subgraph j0 ["Journey all"]\n'
        '        j0start(["everybody else<br/>1,000 a day from 2026-09-01 10:00<br/>leave at once with: order"])\n'
        "        j0start --> j0s0\n"
        '        j0s0{"split s<br/>the better wake rate takes all newcomers<br/>after 5 days if 95% sure"}\n'
        '        j0s0 -->|"60% a"| j0s1\n'
        '        j0s0 -->|"40% b"| j0s3\n'
        '        j0s1["send nudge<br/>by sms<br/>offering off"]\n'
        "        j0s1 --> j0s4\n"
        '        j0s1else1["else hello<br/>by push"]\n'
        "        j0s1 -.-> j0s1else1\n"
        "        j0s1else1 --> j0s4\n"
        '        j0s3["send hello<br/>by push"]\n'
        "        j0s3 --> j0s4\n"
        '        j0s4{{"wait up to 5 days for: click"}}\n'
        "        j0s4 --> j0s5\n"
        '        j0s5{"click happened?"}\n'
        '        j0s5 -->|"yes"| j0s6\n'
        '        j0s5 -->|"no"| j0s7\n'
        '        j0s6(["leave"])\n'
        '        j0s7{{"wait 1 day"}}\n'
        "        j0s7 --> j0end\n"
        '        j0end(["end of the journey"])\n'
        "    end\n"
    )


def test_no_text_can_leave_its_label() -> None:
    plan = compiled(campaign())
    (journey,) = plan.journeys
    hostile = evolve(journey, match=HasTag('"]\n--> end; `x` <b>&amp;#35;会员'))
    nodes, _ = read(mermaid(evolve(plan, journeys=(hostile,))))
    assert nodes["j0start"].startswith("tagged #quot;] --#gt; end; #96;x#96; #lt;b#gt;#amp;amp;#35;35;会员<br/>")


def test_a_grant_is_a_box_and_a_wait_names_all_that_end_it() -> None:
    off = "coupon off { discount: 30 CNY off 100 CNY, valid: 7d }"
    journey = "journey all { send hello; wait 5d for click or order; grant off }"
    nodes, edges = read(mermaid(compiled(campaign(off, journey=journey))))
    assert nodes["j0s1"] == "wait up to 5 days for: click or order"
    assert nodes["j0s2"] == "grant off"
    assert {("j0s1", "j0s2"), ("j0s2", "j0end")} <= set(edges)
