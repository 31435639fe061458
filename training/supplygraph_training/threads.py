"""Chooses how many threads to compute with on a machine that other work shares."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch

_REPEATS = 3


def choose_threads(most: int, work: Callable[[], object]) -> int:
    """Set and return the thread count in 1 … `most` that does `work` fastest just now.

    Threads of one operation wait for the slowest of them: while something else holds a core, two
    threads can be ten times slower than one.
    """
    if most == 1:
        torch.set_num_threads(1)
        return 1
    seconds = {count: _fastest(count, work) for count in range(1, most + 1)}
    best = min(seconds, key=lambda count: seconds[count])
    torch.set_num_threads(best)
    return best


def _fastest(threads: int, work: Callable[[], object]) -> float:
    torch.set_num_threads(threads)
    durations = []
    for _ in range(_REPEATS):
        started = time.perf_counter()
        work()
        durations.append(time.perf_counter() - started)
    return sorted(durations)[_REPEATS // 2]
