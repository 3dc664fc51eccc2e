"""The customers of workload W, by keyed draws: the same whatever their number."""

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from benchmarks.w import terms as w

POPULATION_SEED = 12345
TREATED = np.array((w.TOP, w.COUPON, w.LOW))
HELD = np.array((w.TOP_HELD, w.MID_HELD, w.LOW_HELD))
"""Groups by tier; half of those treated in the middle tier are of the kit's group."""
_GOLDEN = 0x9E3779B97F4A7C15
_64_BITS = (1 << 64) - 1
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
Words = NDArray[np.uint64]
Floats = NDArray[np.float64]


@frozen(eq=False)
class People:
    """n customers: group uint8, aov (CNY), dormancy (days), launch, later and earlier prior touch (hours; -1e9: none)
    float32, npri uint8."""

    group: NDArray[np.uint8]
    aov: NDArray[np.float32]
    dormancy: NDArray[np.float32]
    launch: NDArray[np.float32]
    latest: NDArray[np.float32]
    earlier: NDArray[np.float32]
    npri: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.group)


def streams(seed: int, first: int, past: int) -> Words:
    """Return the words that customers `first` to `past` draw from: splitmix64 streams, uint64."""
    words = np.arange(first + 1, past + 1, dtype=np.uint64) * np.uint64(_GOLDEN)
    words += _mixed(np.array([seed + _GOLDEN & _64_BITS], np.uint64))
    return _mixed(words)


def word(stream: Words, number: int) -> Words:
    """Return the word of a number for each stream."""
    return _mixed(stream + np.uint64((number + 1) * _GOLDEN & _64_BITS))


def draw(stream: Words, number: int) -> Floats:
    """Return the uniform of a number for each stream, in [0, 1)."""
    words = word(stream, number)
    words >>= np.uint64(11)
    uniforms = words.astype(np.float64)
    uniforms *= 2.0**-53
    return uniforms


def people(n: int, *, seed: int = POPULATION_SEED) -> People:
    """Make n customers."""
    s = streams(seed, 0, n)
    u, v = draw(s, 0), draw(s, 1)
    aov = np.where(u < 0.15, 500 - 400 * np.log1p(-v), np.where(u < 0.5, 200 + 300 * v, 20 + 180 * v))
    aov = aov.astype(np.float32)
    tier = np.where(aov >= 500, 0, np.where(aov >= 200, 1, 2))
    held = draw(s, 3) < 0.10
    group = np.where(held, HELD[tier], np.where((tier == 1) & (draw(s, 4) >= 0.5), w.KIT, TREATED[tier]))
    touched = draw(s, 7)
    npri = np.where(touched < 0.1, 2, np.where(touched < 0.4, 1, 0))
    one, two = -720 * draw(s, 8), -720 * draw(s, 9)
    never = np.full(n, -1e9)
    return People(
        group=group.astype(np.uint8),
        aov=aov,
        dormancy=(180 + 540 * draw(s, 2)).astype(np.float32),
        launch=(24 * np.floor(3 * draw(s, 5)) + 10 + 12 * draw(s, 6)).astype(np.float32),
        latest=np.choose(npri, (never, one, np.maximum(one, two))).astype(np.float32),
        earlier=np.where(npri == 2, np.minimum(one, two), never).astype(np.float32),
        npri=npri.astype(np.uint8),
    )


def _mixed(words: Words) -> Words:
    """Mix words in place (splitmix64)."""
    words ^= words >> np.uint64(30)
    words *= _FIRST
    words ^= words >> np.uint64(27)
    words *= _SECOND
    words ^= words >> np.uint64(31)
    return words
