"""A server for the tests of one module, and a project to open in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lsp.editor import Editor


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    """An editor with a server; what went wrong in the server fails the last test of the module."""
    editor = Editor()
    yield editor
    assert editor.leave() == (0, "")
    assert editor.messages.empty(), editor.messages.get()


@pytest.fixture
def project(checkout: Path, tmp_path: Path) -> Path:
    """A copy of the campaigns, with their libraries."""
    folder = tmp_path / "campaigns"
    shutil.copytree(checkout / "campaigns", folder)
    return folder
