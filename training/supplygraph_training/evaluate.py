"""Score the served network: `python -m supplygraph_training.evaluate --split test`.

Prints WQL, MASE and 80 % interval coverage of the network beside seasonal naive, Theta and the
plain mean of the three, checks the training corpus for evaluation series, measures the speed of
the graph, and with `--write` puts the test scores on the card. `--steps 3` scores the last three
windows of `train`, one after another, and `--teacher` a teacher's members in place of the graph.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from supplygraph_training.baselines import seasonal_naive, theta
from supplygraph_training.card import CARD_FILE, MODEL_FILE, Metric, write_metrics
from supplygraph_training.config import CONTEXT_LENGTH, DistillationConfig
from supplygraph_training.datasets import (
    RETAIL_TASKS,
    SERIES_TASKS,
    Task,
    data_folder,
    hold_back,
    load_task,
)
from supplygraph_training.forecaster import Forecaster, OnnxForecaster, make_inputs
from supplygraph_training.generator.series import Floats
from supplygraph_training.leakage import count_leaks
from supplygraph_training.metrics import Scores, score
from supplygraph_training.teacher import TeacherForecaster, load_teacher

_SPEED_BATCH, _SPEED_SECONDS = 32, 3.0


def main(arguments: Sequence[str] | None = None) -> None:
    """Evaluate the tasks named, or all; `arguments` in place of those of the command line."""
    options = _parse_options(arguments)
    served = OnnxForecaster(options.model / MODEL_FILE)
    forecaster: Forecaster = served
    if options.teacher:
        forecaster = TeacherForecaster(load_teacher(options.teacher, DistillationConfig()))
    command = f"python -m supplygraph_training.evaluate --split {options.split}"
    metrics: list[Metric] = []
    histories: list[Floats] = []
    print(
        f"{'task':24s}{'forecaster':>16s}{'WQL':>9s}{'MASE':>9s}{'cover80':>9s}{'WQL/naive':>11s}{'MASE/naive':>12s}"
    )
    ratios: list[tuple[float, float]] = []
    for name in options.tasks:
        task = load_task(name, options.data, options.split)
        histories += [np.concatenate([one.train, one.test]) for one in task.series]
        windows = _score_windows(task, forecaster, options.steps)
        metrics += make_metrics(task, windows[0]["network"], windows[0]["seasonal_naive"], command)
        ratios.append(_mean_ratios(windows))
    for metric, values in zip(("WQL", "MASE"), zip(*ratios, strict=True), strict=True):
        print(f"network {metric} / seasonal naive, geometric mean: {geometric_mean(values):.4f}")
    print(check_leakage(options.fingerprints, histories))
    for periods in (48, 128, CONTEXT_LENGTH):
        print(f"speed: {measure_speed(served, periods):.0f} rows/s on one core, {periods} periods")
    if options.write:
        write_metrics(options.model / CARD_FILE, metrics)


def geometric_mean(values: Sequence[float]) -> float:
    """Geometric mean of positive numbers."""
    return float(np.exp(np.mean(np.log(values))))


def _score_windows(task: Task, forecaster: Forecaster, steps: int) -> list[dict[str, Scores]]:
    """Score the task's window and, one horizon further back each, those before it; print each."""
    windows = []
    for _ in range(steps):
        if not task.series:
            break
        scores = score_forecasters(task, forecaster)
        for name, scored in scores.items():
            print(_row(task, name, scored, scores["seasonal_naive"]))
        windows.append(scores)
        task = hold_back(task)
    return windows


def _mean_ratios(windows: list[dict[str, Scores]]) -> tuple[float, float]:
    """Geometric means over windows of the network's WQL and MASE over seasonal naive's."""
    pairs = [(one["network"], one["seasonal_naive"]) for one in windows]
    return (
        geometric_mean([network.wql / naive.wql for network, naive in pairs]),
        geometric_mean([network.mase / naive.mase for network, naive in pairs]),
    )


def score_forecasters(task: Task, forecaster: Forecaster) -> dict[str, Scores]:
    """Scores of the network, seasonal naive, Theta and the mean of their quantiles, by name."""
    trains = [one.train for one in task.series]
    network = forecaster.forecast(trains, task.seasonality)[:, : task.horizon]
    naive = _forecast_each(seasonal_naive, task)
    smooth = _forecast_each(theta, task)
    floor = np.array([0.0 if np.nanmin(one, initial=0) >= 0 else -np.inf for one in trains])
    smooth = np.maximum(smooth, floor[:, None, None])
    quantiles = {
        "network": network,
        "seasonal_naive": naive,
        "theta": smooth,
        "mean_of_three": (network + naive + smooth) / 3,
    }
    return {name: score(task, one) for name, one in quantiles.items()}


def make_metrics(task: Task, network: Scores, naive: Scores, command: str) -> list[Metric]:
    """The card's entries of one task."""
    pairs = {
        "WQL": (network.wql, naive.wql),
        "MASE": (network.mase, naive.mase),
        "coverage80": (network.coverage80, naive.coverage80),
    }
    return [
        Metric(task.name, len(task.series), metric, value, baseline, command)
        for metric, (value, baseline) in pairs.items()
    ]


def check_leakage(fingerprints: list[Path], histories: list[Floats]) -> str:
    """Say how many windows of the evaluation series the training runs have seen."""
    absent = [str(path) for path in fingerprints if not path.exists()]
    if absent:
        return f"leakage: not checked, {', '.join(absent)} is absent"
    corpus = np.concatenate([np.load(path) for path in fingerprints])
    checked, leaked = count_leaks(corpus, histories)
    rows = np.count_nonzero(corpus)
    return f"leakage: {leaked} of {checked} evaluation windows are among {rows} training rows"


def measure_speed(forecaster: OnnxForecaster, periods: int) -> float:
    """Rows per second of processor time with batches of 32 histories of `periods` periods."""
    rng = np.random.default_rng(0)
    inputs = make_inputs([rng.poisson(5, periods).astype(np.float64)] * _SPEED_BATCH, 7)
    forecaster.run(inputs)
    rows, started = 0, time.process_time()
    while time.process_time() - started < _SPEED_SECONDS:
        forecaster.run(inputs)
        rows += _SPEED_BATCH
    return rows / (time.process_time() - started)


def _forecast_each(rule: Callable[[Floats, int, int], Floats], task: Task) -> Floats:
    return np.stack([rule(one.train, task.horizon, task.seasonality) for one in task.series])


def _row(task: Task, name: str, scores: Scores, naive: Scores) -> str:
    return (
        f"{task.name:24s}{name:>16s}{scores.wql:9.4f}{scores.mase:9.4f}{scores.coverage80:9.3f}"
        f"{scores.wql / naive.wql:11.4f}{scores.mase / naive.mase:12.4f}"
    )


def _parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--split", choices=("validation", "test"), default="validation")
    parser.add_argument("--steps", type=int, default=1, help="windows, each one horizon further back")
    parser.add_argument("--teacher", type=Path, nargs="+", help="score these weights' ensemble instead")
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--model", type=Path, default=Path("models/demand"))
    parser.add_argument(
        "--fingerprints",
        type=Path,
        nargs="+",
        default=[Path("training/.cache/demand/fingerprints.npy")],
        help="of every run behind the weights",
    )
    parser.add_argument("--write", action="store_true", help="put the scores on the card")
    parser.add_argument("tasks", nargs="*", default=[*SERIES_TASKS, *RETAIL_TASKS])
    options = parser.parse_args(arguments)
    if options.write and (options.teacher or options.steps != 1):
        parser.error("--write must go with one step and no teacher: the card holds the graph's scores.")
    return options


if __name__ == "__main__":
    main()
