"""Every provider's adapter passes the conformance kit."""

import pytest
from tests.channels.providers.cases import CASES, Case
from tests.channels.providers.conforming import running

from wakeup.channels.kit import CHECKS, Check

LEFT_OUT = {
    "answers_are_polled": {"wecom_customer"},
    "a_key_is_kept_within_its_window": {"wechat_template", "wecom_app"},
    "a_send_in_doubt_can_be_looked_up": {"aliyun_sms", "tencent_sms", "twilio", "wecom_customer"},
    "receipts_are_read": {"aliyun_sms", "tencent_sms", "twilio", "wechat_template", "wechat_subscribe"},
    "a_receipt_with_one_byte_changed_is_refused": {
        "aliyun_sms",
        "tencent_sms",
        "twilio",
        "wechat_template",
        "wechat_subscribe",
    },
    "one_byte_changed_in_a_call_is_refused": {"aliyun_sms", "tencent_sms"},
    "one_failure_spoils_no_other": set(),
}
"""Checks that not all of them take part in: those that do. A check that is left out by mistake is found here."""


@pytest.mark.parametrize("check", CHECKS, ids=str)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_adapter_conforms(case: Case, check: Check) -> None:
    timeout = 0.3 if check.name == "an_answer_that_does_not_end_is_doubt" else 10.0
    with running(case, timeout) as provider:
        left_out = check(case.opener, provider)
    assert bool(left_out) == (check.name in LEFT_OUT and case.name not in LEFT_OUT[check.name]), left_out
