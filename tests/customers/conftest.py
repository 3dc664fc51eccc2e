"""Small files of customers, written as people write them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wakeup.diagnostics import Diagnostic, WakeupError

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write lines into a file of the temporary folder and return its path."""

    def _write(name: str, *lines: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        return path

    return _write


@pytest.fixture
def refusal() -> Callable[[Callable[[], object]], Diagnostic]:
    """Call something that must be refused with exactly one diagnostic, and return it."""

    def _refusal(call: Callable[[], object]) -> Diagnostic:
        with pytest.raises(WakeupError) as caught:
            call()
        (found,) = caught.value.diagnostics
        return found

    return _refusal
