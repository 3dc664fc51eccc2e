"""`wakeup.toml`: what is wrong is told with its place, and no secret stands in it."""

from pathlib import Path

import pytest

from wakeup.channels.protocol import Secret
from wakeup.channels.settings import Bound, read_channels, resolve, unbound, unset
from wakeup.diagnostics import Diagnostic, WakeupError, in_language
from wakeup.source import Source

GOOD = """
[channels."cn.sms"]
adapter = "console"
address = "phone"
on_doubt = "resend"
quiet = true

[channels.cn.email]
adapter = "console"

[channels.cn.email.messages."lib.hello"]
"""


def wrong(text: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(WakeupError) as raised:
        read_channels(Source("wakeup.toml", text))
    return raised.value.diagnostics


def placed(found: Diagnostic, text: str) -> str:
    assert found.span is not None
    return text[found.span.start : found.span.end]


def test_channels_are_read_with_and_without_quotes() -> None:
    bound = read_channels(Source("wakeup.toml", GOOD))
    assert list(bound) == ["cn.sms", "cn.email"]
    sms = bound["cn.sms"]
    assert (sms.adapter.name, sms.address, sms.on_doubt, dict(sms.settings)) == (
        "console",
        "phone",
        "resend",
        {"quiet": True},
    )
    assert bound["cn.email"].on_doubt == "leave"
    assert dict(bound["cn.email"].messages) == {"lib.hello": {}}


def test_a_file_without_channels_has_none() -> None:
    assert read_channels(Source("wakeup.toml", "# nothing\n")) == {}


@pytest.mark.parametrize(
    ("text", "code", "at", "part"),
    [
        ('[channels.sms]\nadapter = console\n', "WK7060", "c", "line 2, column 11"),
        ('[channels.sms]\nadapter = "console', "WK7060", "", "cannot be read as TOML"),
        ('[channels.sms]\naddress = "phone"\n', "WK7061", "channels.sms", "sms has no adapter"),
        ('[channels.sms]\nadapter = 3\n', "WK7061", "channels.sms", "sms has no adapter"),
        ('[channels.sms]\nadapter = "consle"\n', "WK7062", "adapter", "did you mean `console`?"),
        ('[channels.sms]\nadapter = "zzzzzzzzz"\n', "WK7062", "adapter", "no adapter named 'zzzzzzzzz'"),
        ('[channels.sms]\nadapter = "console"\nquite = true\n', "WK7063", "quite", "did you mean `quiet`?"),
        ('[channels.sms]\nadapter = "console"\nzzzzzzz = true\n', "WK7063", "zzzzzzz", "known are `quiet`"),
        ('[channels.sms]\nadapter = "console"\non_doubt = "retry"\n', "WK7065", "on_doubt", "`leave` or `resend`"),
        ('[channels.sms]\nadapter = "console"\nquiet = "yes"\n', "WK7065", "quiet", "true or false"),
        ('[channels.sms]\nadapter = "console"\nmessages = 3\n', "WK7065", "messages", "a table"),
        ('[channels.sms]\nadapter = "console"\nmessages.hello = 3\n', "WK7065", "messages.hello", "a table"),
        ('channels = 3\n', "WK7065", "channels", "a table"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(text: str, code: str, at: str, part: str) -> None:
    (found,) = wrong(text)
    assert found.code == code
    assert part in f"{found.message} {found.help}"
    if at:
        assert placed(found, text) == at
    assert in_language(found, "zh").message != found.message


@pytest.mark.parametrize(
    "line",
    [
        'api_secret = "s3cr3t-value"',
        'token = "s3cr3t-value"',
        'smtp_password = "s3cr3t-value"',
        'nested = { auth_token = "s3cr3t-value" }',
        'access_keys = ["env:GOOD", "s3cr3t-value"]',
        'server = "https://me:s3cr3t-value@example.org/"',
    ],
)
def test_a_secret_that_is_written_out_is_an_error_that_never_shows_it(line: str) -> None:
    found = wrong(f'[channels.sms]\nadapter = "console"\n{line}\n')
    (written,) = [each for each in found if each.code == "WK7066"]
    assert "env:SMS_" in f"{written.help}"
    assert all("s3cr3t" not in f"{each!r} {in_language(each, 'zh')!r}" for each in found)


def bound_with(settings: dict[str, object]) -> Bound:
    bound = read_channels(Source("wakeup.toml", '[channels.sms]\nadapter = "console"\n'))["sms"]
    return Bound("sms", bound.adapter, "", "leave", settings, {})


def test_references_are_followed(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text("from a file\n", "utf-8")
    written = {"token": "env:TOKEN", "keys": ["file:key.txt", "env:TOKEN"], "port": 25, "in": {"key": "file:key.txt"}}
    found = resolve(bound_with(written), tmp_path, {"TOKEN": "abc"})
    assert isinstance(found["token"], Secret)
    assert found["token"].reveal() == "abc"
    assert [each.reveal() for each in found["keys"]] == ["from a file", "abc"]
    assert found["in"]["key"].reveal() == "from a file"
    assert found["port"] == 25
    assert "abc" not in repr(found)


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("env:NOT_THERE", "the variable is not set"),
        ("env:EMPTY", "it is empty"),
        ("file:nowhere.txt", "no such file or folder"),
        ("file:long.txt", "it is too long for a secret"),
        ("file:binary.txt", "it is not UTF-8"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told(reference: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("x" * 70_000, "utf-8")
    (tmp_path / "binary.txt").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(WakeupError) as raised:
        resolve(bound_with({"token": reference}), tmp_path, {"EMPTY": " "})
    (found,) = raised.value.diagnostics
    assert found.code == "WK7067"
    assert problem in found.message
    assert in_language(found, "zh").message != found.message


def test_channels_of_a_plan_without_an_adapter_are_told() -> None:
    bound = read_channels(Source("wakeup.toml", GOOD))
    (found,) = unbound(["cn.sms", "cn.push"], bound, "wakeup.toml")
    assert found.code == "WK7061"
    assert "cn.push" in found.message


TEMPLATES = """
[channels.sms]
adapter = "aliyun_sms"
access_key_id = "me"
access_key_secret = "env:SECRET"
sign_name = "shop"

[channels.sms.messages.hello]
template = "SMS_1"
subject = "a title"
fields = { name = "{{ name }}" }
"""


def test_what_an_adapter_wants_to_know_of_each_message_is_told() -> None:
    bound = read_channels(Source("wakeup.toml", TEMPLATES))
    assert unset([("sms", "hello")], bound) == []
    assert bound["sms"].settings["sign_name"] == "shop"
    assert bound["sms"].messages["hello"]["template"] == "SMS_1"
    (missing,) = unset([("sms", "hello"), ("sms", "lib.again")], bound)
    assert missing.code == "WK7064"
    assert "messages.lib.again.template" in missing.message
    assert missing.help == 'write: [channels.sms.messages."lib.again"] template = "…"'
    (missing, stranger) = unset([("sms", "hallo")], bound)
    assert (missing.code, stranger.code, stranger.help) == ("WK7064", "WK7063", "did you mean `hallo`?")
    (found,) = wrong(TEMPLATES.replace('template = "SMS_1"\n', ""))
    assert (found.code, placed(found, TEMPLATES)) == ("WK7064", "channels.sms.messages.hello")
