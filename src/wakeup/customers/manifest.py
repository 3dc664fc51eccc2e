"""What a folder of customers says about itself: its columns and its parts, in `population.json`, written last."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from attrs import asdict, frozen

from wakeup.customers.kept import from_tree
from wakeup.diagnostics import WakeupError, diagnostic, reason

MANIFEST: Final = "population.json"
VERSION: Final = 1
_CHUNK = 1 << 20


@frozen
class ShardFile:
    """One file of a folder of customers. rows: its customers. first_key, last_key: of its rows, None for no rows.

    size: bytes. digest: BLAKE2b of them, 32 hex digits.
    """

    file: str
    rows: int
    first_key: int | None
    last_key: int | None
    size: int
    digest: str


@frozen
class Manifest:
    """header: what each file says about its columns, too (`storage.header_of`). minor_digits: decimal digits of the
    currency of all amounts, None where they belong to no currency. parts: ascending by key. snapshots: what their past
    says about coming back (`kept.to_tree`), None where nothing is known of it."""

    header: Mapping[str, Any]
    minor_digits: int | None
    parts: tuple[ShardFile, ...]
    snapshots: Mapping[str, Any] | None = None

    @property
    def rows(self) -> int:
        """Number of customers."""
        return sum(part.rows for part in self.parts)

    @property
    def digest(self) -> str:
        """BLAKE2b of all that is said here, 16 hex digits: other customers, other parts, another digest."""
        return _digest(self._tree())

    def to_json(self) -> bytes:
        """Return the file's content."""
        tree = {"version": VERSION, **self._tree(), "digest": self.digest}
        return json.dumps(tree, ensure_ascii=False, indent=1).encode() + b"\n"

    def _tree(self) -> dict[str, Any]:
        parts = [asdict(part) for part in self.parts]
        tree = {"rows": self.rows, "minor_digits": self.minor_digits, "header": dict(self.header), "parts": parts}
        return tree if self.snapshots is None else {**tree, "snapshots": dict(self.snapshots)}


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a folder of customers and check that its parts are there, whole and in order.

    Raises:
        WakeupError: WK6047 the folder has none, WK6011 unreadable, WK6014 damaged, WK6048 of another version, WK6049 a
            part is missing, WK6050 the parts are not in ascending order of their keys.
    """
    try:
        text = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        raise WakeupError([diagnostic("WK6047", file=folder.absolute().name)]) from None
    except OSError as error:
        raise WakeupError([diagnostic("WK6011", file=MANIFEST, reason=reason(error))]) from None
    manifest = _manifest(text)
    last = -1
    for part in manifest.parts:
        _check_there(folder, part)
        if part.first_key is None or part.last_key is None:
            continue
        if not last < part.first_key <= part.last_key:
            raise WakeupError([diagnostic("WK6050", file=part.file)])
        last = part.last_key
    return manifest


def file_digest(path: Path) -> str:
    """Return the digest of a file's bytes.

    Raises:
        OSError: it cannot be read.
    """
    digest = blake2b(digest_size=16)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _check_there(folder: Path, part: ShardFile) -> None:
    try:
        size = (folder / part.file).stat().st_size
    except FileNotFoundError:
        raise WakeupError([diagnostic("WK6049", file=part.file, folder=folder.name)]) from None
    except OSError as error:
        raise WakeupError([diagnostic("WK6011", file=part.file, reason=reason(error))]) from None
    if size != part.size:
        raise WakeupError([diagnostic("WK6014", file=part.file)])


def _manifest(text: bytes) -> Manifest:
    try:
        tree = json.loads(text)
        version, said = tree.pop("version"), tree.pop("digest")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WakeupError([diagnostic("WK6014", file=MANIFEST)]) from None
    if version != VERSION:
        raise WakeupError([diagnostic("WK6048", file=MANIFEST, version=str(version), known=VERSION)])
    if said != _digest(tree):
        raise WakeupError([diagnostic("WK6014", file=MANIFEST)])
    try:
        parts = tuple(ShardFile(**part) for part in tree["parts"])
        from_tree(tree.get("snapshots"))
        return Manifest(tree["header"], tree["minor_digits"], parts, tree.get("snapshots"))
    except (KeyError, TypeError, ValueError):
        raise WakeupError([diagnostic("WK6014", file=MANIFEST)]) from None


def _digest(tree: Mapping[str, Any]) -> str:
    text = json.dumps(tree, ensure_ascii=False, sort_keys=True)
    return blake2b(text.encode(), digest_size=8).hexdigest()
