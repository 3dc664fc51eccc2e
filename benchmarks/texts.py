"""Campaigns as long as anybody could wish, made of one that is right."""

from pathlib import Path

CAMPAIGNS = Path(__file__).parents[1] / "campaigns"


def long_text(lines: int) -> str:
    """Return a campaign's text over and over, until it has so many lines: it parses, no more."""
    head, *body = (CAMPAIGNS / "beauty_autumn.wake").read_text("utf-8").splitlines(keepends=True)
    return head + "".join(body * (1 + lines // len(body)))


HEAD = """wakeup 1

campaign big "A big campaign" {
  currency:    CNY
  timezone:    "Asia/Shanghai"
  run:         2027-03-01 through 2027-05-30
  audience:    days_since_order >= 60d
  holdout:     10%
  awake:       order
  margin:      50%
}
goal wake_rate >= 4%
budget 1_000_000 CNY { promotion: 1_000_000 CNY }
cadence { at most 3 per calendar month; gap: 3d }
channel box "Mail" { kind: email, cost: 0 CNY per message, optout: none }
"""

PART = """
segment group_{n} {{ where: orders == {n} and not tag(employee) }}
coupon coupon_{n} {{ discount: 20 CNY off 100 CNY, valid: 21d, limit: 1 per person, line: promotion }}
message hello_{n} via box {{ text: "Hello, {{{{ offer }}}} is yours until {{{{ offer_ends }}}}." }}
message late_{n} via box {{ text: "{{{{ offer }}}} ends {{{{ offer_ends }}}}." }}

## Journey number {n}.
journey journey_{n} for group_{n} {{
  start: 10 per day from 2027-03-01 at 10:00
  send hello_{n} with coupon_{n}
  wait 10d for order
  if no order {{
    send late_{n} with coupon_{n}
    wait 7d for order
  }}
}}
"""


def big_campaign(lines: int) -> str:
    """Return one campaign file of about so many lines, every name declared and used once."""
    each = PART.count("\n")
    parts = (PART.format(n=n) for n in range((lines - HEAD.count("\n")) // each))
    return HEAD + "".join(parts)
