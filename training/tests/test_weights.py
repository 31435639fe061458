from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from supplygraph_training.config import NetworkConfig
from supplygraph_training.export import draw_inputs
from supplygraph_training.lineage import load_network
from supplygraph_training.network import DemandNetwork
from supplygraph_training.onnx_graph import run_torch
from supplygraph_training.weights import count_layers, grow_layers


@pytest.mark.parametrize("layers", [2, 3, 4, 7])
def test_a_grown_network_answers_as_the_shallow_one(network: DemandNetwork, layers: int) -> None:
    grown = grow_layers(network.state_dict(), layers)
    assert count_layers(grown) == layers
    deep = DemandNetwork(NetworkConfig(width=32, layers=layers, heads=2, feed_forward=64))
    deep.load_state_dict(grown)
    inputs = draw_inputs(3)
    for name, value in run_torch(network, inputs).items():
        np.testing.assert_allclose(run_torch(deep, inputs)[name], value, rtol=1e-5, atol=1e-5)


def test_grown_layers_learn(network: DemandNetwork) -> None:
    deep = DemandNetwork(NetworkConfig(width=32, layers=3, heads=2, feed_forward=64))
    deep.load_state_dict(grow_layers(network.state_dict(), 3))
    inputs = draw_inputs(3)
    quantiles, _, _ = deep(*(torch.from_numpy(one) for one in inputs.values()))
    quantiles.sum().backward()
    silent = [layer for layer in deep.layers if not layer.get_parameter("feed_out.weight").any()]
    assert len(silent) == 1
    gradient = silent[0].get_parameter("feed_out.weight").grad
    assert gradient is not None
    assert gradient.abs().max() > 0


def test_a_network_cannot_shrink(network: DemandNetwork) -> None:
    with pytest.raises(ValueError, match="layers must be at least the 2 of the weights, got 1"):
        grow_layers(network.state_dict(), 1)


def test_a_network_is_loaded_with_the_shape_its_card_tells(network: DemandNetwork, exported: Path) -> None:
    loaded = load_network(exported)
    assert loaded.config == network.config
    torch.testing.assert_close(loaded.state_dict(), network.state_dict(), rtol=0, atol=0)
