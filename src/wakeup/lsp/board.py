"""What the editor has been shown: a file may be found wrong from several campaigns that import it."""

from collections.abc import Mapping, Sequence

from attrs import define, field
from lsprotocol import types

Found = Mapping[str, Sequence[types.Diagnostic]]


@define
class Board:
    """By campaign file: what is wrong in which file. Each diagnostic of a file is shown once."""

    _found: dict[str, Found] = field(factory=dict, init=False)

    def put(self, path: str, found: Found) -> dict[str, Sequence[types.Diagnostic]]:
        """Take what was found from a campaign; return what to show now for every file that it was or is about."""
        before = self._found.get(path, {})
        self._found[path] = found
        return {uri: self._shown(uri) for uri in dict.fromkeys((*before, *found))}

    def drop(self, path: str) -> dict[str, Sequence[types.Diagnostic]]:
        """Forget a campaign; return what to show now for every file that it was about."""
        before = self._found.pop(path, {})
        return {uri: self._shown(uri) for uri in before}

    def _shown(self, uri: str) -> list[types.Diagnostic]:
        shown: list[types.Diagnostic] = []
        for found in self._found.values():
            shown += [each for each in found.get(uri, ()) if each not in shown]
        return shown
