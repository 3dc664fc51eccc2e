"""Files that appear whole or not at all."""

from pathlib import Path

import pytest

from wakeup.files import whole


def test_two_who_write_the_same_file_do_not_meet(tmp_path: Path) -> None:
    goal = tmp_path / "out.csv"
    with whole(goal) as one:
        with whole(goal) as other:
            one.write_text("one", encoding="utf-8")
            other.write_text("other", encoding="utf-8")
        assert goal.read_text("utf-8") == "other"
    assert goal.read_text("utf-8") == "one"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    goal = tmp_path / "out.csv"
    goal.write_text("old", encoding="utf-8")

    def fail() -> None:
        with whole(goal) as part:
            part.write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert goal.read_text("utf-8") == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["out.csv"]


def test_a_long_name_is_no_hindrance(tmp_path: Path) -> None:
    goal = tmp_path / ("n" * 250)
    with whole(goal) as part:
        part.write_bytes(b"x")
    assert goal.read_bytes() == b"x"
