"""A user's folder."""

from pathlib import Path

import pytest
from tests.cli.made import CAMPAIGN, LOG


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's folder with a good campaign and a good log."""
    (tmp_path / "spring.wake").write_text(CAMPAIGN, encoding="utf-8")
    (tmp_path / "orders.csv").write_text(LOG, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "WAKEUP_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path
