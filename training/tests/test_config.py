from __future__ import annotations

import pytest

from supplygraph_training.config import CorpusConfig, LossWeights, NetworkConfig, TrainingConfig


def test_rejects_a_width_that_heads_do_not_divide() -> None:
    with pytest.raises(ValueError, match="width must be a multiple of heads, got 130 and 4"):
        NetworkConfig(width=130)


def test_rejects_a_patch_that_does_not_divide_the_context() -> None:
    with pytest.raises(ValueError, match="patch must divide 512 and 64, got 24"):
        NetworkConfig(patch=24)


def test_rejects_numbers_out_of_range() -> None:
    with pytest.raises(ValueError, match="minutes must be"):
        TrainingConfig(minutes=0)
    with pytest.raises(ValueError, match="zero must be 0 to 1e"):
        LossWeights(zero=-1)


def test_rejects_shares_that_do_not_sum_to_one() -> None:
    with pytest.raises(ValueError, match="family_shares must be shares that sum to 1"):
        CorpusConfig(family_shares=(("retail", 0.5),))


def test_rejects_contexts_that_are_no_whole_patches() -> None:
    with pytest.raises(ValueError, match="context must be a multiple of 16, got 50"):
        CorpusConfig(contexts=(50,), context_shares=(1.0,))
