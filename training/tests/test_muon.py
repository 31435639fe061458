from __future__ import annotations

import torch
from torch import nn

from supplygraph_training.muon import Muon, orthogonalise


def test_singular_values_move_to_about_one() -> None:
    torch.manual_seed(0)
    directions = orthogonalise(torch.randn(3, 16, 48))
    singular = torch.linalg.svdvals(directions)
    assert singular.min() > 0.6
    assert singular.max() < 1.3


def test_minimises_a_quadratic_in_tall_wide_and_stacked_matrices() -> None:
    torch.manual_seed(0)
    matrices = [nn.Parameter(torch.randn(*shape)) for shape in ((8, 24), (24, 16), (24, 8))]
    optimizer = Muon(matrices, lr=0.05, weight_decay=0.0)
    before = sum(float((matrix.detach() ** 2).sum()) for matrix in matrices)
    for _ in range(40):
        optimizer.zero_grad()
        torch.autograd.backward(torch.stack([(matrix**2).sum() for matrix in matrices]).sum())
        optimizer.step()
    after = sum(float((matrix.detach() ** 2).sum()) for matrix in matrices)
    assert after < 0.5 * before
