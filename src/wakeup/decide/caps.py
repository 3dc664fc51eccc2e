"""How often a person may be contacted: caps over rolling or calendar windows, and the gap (SEMANTICS 22)."""

from collections.abc import Iterable, Mapping, Sequence

from attrs import frozen

from wakeup.decide.calendar import window_start
from wakeup.plan.model import Calendar, Cap, Channel, Rolling


@frozen
class Contact:
    """A send, of this run or in the data: its instant and the names of the channels it counts for."""

    t: int
    channels: tuple[str, ...]


def past_contact(t: int, label: str, channels: Iterable[Channel]) -> Contact:
    """Read a touch of the data: it counts for every channel whose name or kind is its label."""
    return Contact(t, tuple(each.name for each in channels if label in (each.name, each.channel_kind)))


def refusing_cap(
    caps: Iterable[Cap],
    t: int,
    channel: Channel,
    bands: Mapping[str, str],
    history: Sequence[Contact],
    zone: str,
) -> Cap | None:
    """Return the first cap in file order that a send at `t` over `channel` would break, None if all hold.

    Args:
        caps: the plan's caps.
        t: instant of the send.
        channel: channel of the send.
        bands: the person's band per tier at run start.
        history: everything sent to the person so far, up to and including `t`.
        zone: the person's zone, for calendar windows.
    """
    for cap in caps:
        if _applies(cap, channel, bands) and _counted(cap, t, history, zone) >= cap.count:
            return cap
    return None


def gap_end(t: int, gap: int, history: Sequence[Contact]) -> int | None:
    """Return when the gap after the last send is over, None if that is not after `t`."""
    if not history:
        return None
    end = max(contact.t for contact in history) + gap
    return end if end > t else None


def _applies(cap: Cap, channel: Channel, bands: Mapping[str, str]) -> bool:
    return (not cap.tier or bands.get(cap.tier) == cap.band) and cap.channel in ("", channel.name)


def _counted(cap: Cap, t: int, history: Sequence[Contact], zone: str) -> int:
    match cap.window:
        case Rolling(seconds):  # (t - seconds, t]
            first = t - seconds + 1
        case Calendar(unit):
            first = window_start(t, unit, zone)
    return sum(first <= contact.t <= t and (not cap.channel or cap.channel in contact.channels) for contact in history)
