"""Checks for leakage: whether a training row holds a stretch of an evaluation series.

Every training row leaves one fingerprint: a hash of the 16 values around its junction, the last
eight of the history and the first eight of the future, rounded to four significant digits. A row
cut from an evaluation series would match one of that series' windows of 16, all of which are
tested. Windows with fewer than six distinct values (counts near zero, constants) say nothing about
origin and have no fingerprint.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from supplygraph_training.generator.series import Floats, Integers

WINDOW = 16
_DISTINCT = 6
_DIGITS = 4
_NO_FINGERPRINT = 0
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def fingerprint_junctions(values: Floats, mask: Floats, target: Floats) -> Integers:
    """Fingerprint rows [n, context] and [n, 64]: [n] uint64, 0 where a row has none."""
    half = WINDOW // 2
    windows = np.concatenate([values[:, -half:], target[:, :half]], axis=1)
    return np.where(mask[:, -half:].all(1), _hash(windows), np.uint64(_NO_FINGERPRINT))


def fingerprint_windows(series: Floats) -> Integers:
    """Fingerprint every informative, complete window of 16 values of one series."""
    if series.size < WINDOW:
        return np.empty(0, np.uint64)
    windows = np.lib.stride_tricks.sliding_window_view(series, WINDOW)
    hashes = _hash(windows[np.isfinite(windows).all(1)])
    return hashes[hashes != _NO_FINGERPRINT]


def count_leaks(corpus: Integers, series: list[Floats]) -> tuple[int, int]:
    """Count the series' windows that are checked, and those that the corpus holds."""
    known = np.unique(corpus[corpus != _NO_FINGERPRINT])
    windows = np.concatenate([np.empty(0, np.uint64), *(fingerprint_windows(one) for one in series)])
    return windows.size, int(np.isin(windows, known).sum())


def _hash(windows: Floats) -> npt.NDArray[np.uint64]:
    """64-bit polynomial hash of [n, 16] rounded values; 0 for windows that say nothing."""
    rounded = _round(windows.astype(np.float32))
    distinct = 1 + (np.diff(np.sort(rounded, axis=1), axis=1) != 0).sum(1)
    bits = rounded.view(np.uint32).astype(np.uint64)
    hashes = np.zeros(len(rounded), np.uint64)
    for column in bits.T:
        hashes = (hashes ^ column) * _MULTIPLIER
        hashes ^= hashes >> np.uint64(29)
    return np.where(distinct >= _DISTINCT, np.maximum(hashes, 1), np.uint64(_NO_FINGERPRINT))


def _round(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Round to four significant digits; −0 becomes 0."""
    size = np.abs(values).astype(np.float64)
    exponent = np.floor(np.log10(np.where(size > 0, size, 1.0)))
    step = 10.0 ** (exponent - _DIGITS + 1)
    return (np.round(values / step) * step + 0.0).astype(np.float32)
