from tests.sim.plans import nudge, sms

from wakeup.decide.desk import deadline, staff_of


def test_the_staff_of_a_message_come_before_those_of_its_channel() -> None:
    assert staff_of(nudge(), sms()) == ""
    assert staff_of(nudge(), sms(staff="callers")) == "callers"
    assert staff_of(nudge(staff="advisors"), sms(staff="callers")) == "advisors"


def test_a_send_waits_until_it_is_not_wanted_or_the_run_ends() -> None:
    assert deadline(100, 50, 500) == 150
    assert deadline(100, 50, 120) == 120
