"""The texts that a reading sees: those open in the editor first, then the files on disk."""

from collections.abc import Mapping

from attrs import field, frozen

from wakeup.lang import FileSystem, LocalFiles


@frozen
class Text:
    """A text open in the editor, at one version."""

    uri: str
    version: int | None
    text: str

    @property
    def data(self) -> bytes:
        """The text as the bytes of a file; half a surrogate pair makes them no UTF-8, as it would on disk."""
        return self.text.encode("utf-8", "surrogatepass")


@frozen
class Overlay:
    """Files as the editor has them: see `FileSystem`. `asked` takes what was looked for: path -> the open text there.

    A reading holds as long as the same texts, and no others, are open at the paths that it asked for.
    """

    open: Mapping[str, Text]
    disk: FileSystem = field(factory=LocalFiles)
    asked: dict[str, Text | None] = field(factory=dict, init=False)

    def anew(self) -> "Overlay":
        """Return the same files for another reading."""
        return Overlay(self.open, self.disk)

    def resolve(self, path: str) -> str:
        """See `FileSystem.resolve`."""
        return self.disk.resolve(path)

    def exists(self, path: str) -> bool:
        """See `FileSystem.exists`."""
        return self._open(path) is not None or self.disk.exists(path)

    def read(self, path: str) -> bytes:
        """See `FileSystem.read`."""
        text = self._open(path)
        return self.disk.read(path) if text is None else text.data

    def _open(self, path: str) -> Text | None:
        self.asked[path] = self.open.get(path)
        return self.asked[path]
