"""What `{{ offer }}` says, in the language of the campaign."""

import pytest
from tests.lang.cases import MAIN

from wakeup.diagnostics import Bag
from wakeup.lang import MemoryFiles, load, names
from wakeup.lang.offers import wording
from wakeup.lang.resolve import resolve

ENGLISH = """wakeup 1
campaign c { currency: CNY, timezone: "Asia/Shanghai", run: 2026-09-01 through 2026-09-30, audience: orders >= 1 }
coupon gift { discount: %s, valid: 7d }
"""
CHINESE = """wakeup 1
活动 春季 { 货币: CNY, 时区: "Asia/Shanghai", 日期: 2026-09-01 至 2026-09-30, 人群: 下单次数 >= 1 }
优惠券 礼券 { 优惠: %s, 有效期: 7天 }
"""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (ENGLISH % "80 CNY off 300 CNY", "80 CNY off 300 CNY"),
        (ENGLISH % "15% off", "15% off"),
        (CHINESE % "满300减80", "满300减80"),
        (CHINESE % "15% 减免", "8.5折"),
        (CHINESE % "20% 减免", "8折"),
        (CHINESE % "满100打8折", "8折"),
        (CHINESE % "12.5% 减免", "减免 12.5%"),
    ],
)
def test_an_offer_is_worded_in_the_language_of_the_campaign(text: str, told: str) -> None:
    project, _ = load(MAIN, MemoryFiles({MAIN: text}))
    assert project is not None
    bag = Bag()
    checked = resolve(project, names.collect(project, bag), bag)
    assert checked is not None
    assert [wording(checked, each) for each in checked.of("incentive")] == [(told,)]
