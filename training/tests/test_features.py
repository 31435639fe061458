from __future__ import annotations

import pytest
import torch

from supplygraph_training.features import extract_features
from supplygraph_training.scaling import KNEE, distance_to_counts, measure_scaling


def test_location_is_the_mean_and_scale_the_mean_absolute_deviation() -> None:
    scaling = measure_scaling(torch.tensor([[0.0, 2.0, 4.0, 6.0]]), torch.tensor([[0.0, 1.0, 1.0, 1.0]]))
    assert float(scaling.location) == pytest.approx(4.0)
    assert float(scaling.scale) == pytest.approx(4 / 3)


def test_the_scale_of_a_constant_falls_with_its_length_and_of_nothing_is_one() -> None:
    nothing = measure_scaling(torch.zeros(1, 4), torch.zeros(1, 4))
    assert (float(nothing.location), float(nothing.scale)) == (0.0, 1.0)
    constant = measure_scaling(torch.full((1, 4), 5.0), torch.ones(1, 4))
    assert float(constant.scale) == pytest.approx(1.25)


def test_compression_is_an_asinh_and_is_undone_by_expansion() -> None:
    scaling = measure_scaling(torch.tensor([[1.0, 3.0]]), torch.ones(1, 2))
    values = torch.tensor([[-40.0, 2.0, 5.0, 900.0]])
    compressed = scaling.compress(values)
    assert float(compressed[0, 2]) == pytest.approx(KNEE * 0.881373587, rel=1e-5)
    torch.testing.assert_close(scaling.expand(compressed), values, rtol=1e-4, atol=1e-4)


def test_counts_are_told_from_measurements() -> None:
    mask = torch.ones(2, 4)
    unit, distance = distance_to_counts(torch.tensor([[0.0, 6.0, 12.0, 18.0], [1.0, 1.5, 2.25, 2.5]]), mask)
    assert unit.flatten().tolist() == [6.0, 1.0]
    assert distance.flatten().tolist() == pytest.approx([0.0, (0.5 + 0.25 + 0.5) / 4])


def test_lags_are_the_same_phase_of_earlier_seasons() -> None:
    values = torch.arange(16.0).unsqueeze(0)
    features = extract_features(values, torch.ones(1, 16), torch.tensor([4.0]))
    lags = features.scaling.expand(features.lags[0].T)
    # Step 0 is t = 16: one season back is t = 12. Step 5 is t = 21: the last known one is t = 13.
    assert lags[:3, 0].tolist() == pytest.approx([12.0, 8.0, 4.0], rel=1e-4)
    assert lags[:2, 5].tolist() == pytest.approx([13.0, 9.0], rel=1e-4)
    assert features.lag_mask[0, 0].tolist() == [1, 1, 1, 1, 0, 0, 0, 0]


def test_the_last_period_has_phase_zero() -> None:
    waves = extract_features(torch.ones(1, 16), torch.ones(1, 16), torch.tensor([7.0])).waves
    torch.testing.assert_close(waves[0, 15], torch.tensor([0.0, 1.0]))
    torch.testing.assert_close(waves[0, 22], torch.tensor([0.0, 1.0]), atol=1e-5, rtol=0)
