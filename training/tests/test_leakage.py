from __future__ import annotations

import numpy as np

from supplygraph_training.leakage import count_leaks, fingerprint_junctions, fingerprint_windows


def test_a_training_row_cut_from_an_evaluation_series_is_found() -> None:
    series = np.random.default_rng(0).gamma(2, 100, 90)
    values, target = series[None, 10:40].astype(np.float32), series[None, 40:70].astype(np.float32)
    corpus = fingerprint_junctions(values, np.ones_like(values), target)
    checked, leaked = count_leaks(corpus, [series])
    assert (checked, leaked) == (90 - 15, 1)


def test_other_rows_are_not() -> None:
    rng = np.random.default_rng(1)
    corpus = fingerprint_junctions(rng.gamma(2, 1, (50, 20)), np.ones((50, 20)), rng.gamma(2, 1, (50, 64)))
    assert np.count_nonzero(corpus) == 50
    assert count_leaks(corpus, [rng.gamma(2, 1, 60)]) == (45, 0)


def test_windows_that_say_nothing_about_their_origin_are_left_out() -> None:
    assert fingerprint_windows(np.zeros(40)).size == 0
    assert fingerprint_windows(np.tile([0.0, 1.0, 2.0], 20)).size == 0
    assert fingerprint_windows(np.arange(10.0)).size == 0
    assert fingerprint_windows(np.where(np.arange(40) == 20, np.nan, np.arange(40.0))).size == 9
