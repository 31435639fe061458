"""From nothing to a served model: `python -m supplygraph_training.make --minutes 110`.

Three runs, one after another, then export and evaluation on windows held back from `train`:

1. base: the network that is served, from random weights, or with `--resume` from a served model's;
2. teacher: two layers deeper, grown from the base;
3. student: the base, taught by the ensemble of the first two.

A killed command goes on where it stopped when it is given again; `--cache` in another folder starts
anew.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, replace
from pathlib import Path

from supplygraph_training import evaluate
from supplygraph_training.config import CorpusConfig, NetworkConfig, TrainingConfig
from supplygraph_training.datasets import data_folder
from supplygraph_training.export import export_run
from supplygraph_training.run import FINGERPRINTS_FILE, WEIGHTS_FILE, is_begun, is_finished
from supplygraph_training.train import TrainingPlan, train


@dataclass(frozen=True)
class Stage:
    """One run of the recipe.

    Attributes
    ----------
    name : str
        Folder of the run inside the cache.
    share : float
        Of the minutes of all stages, which sum to 1.
    learning_rate : float
        Peak of the schedule.
    deeper : int
        Layers more than the served network has.
    resume : str, optional
        Stage whose weights it starts from.
    teachers : tuple of str
        Stages whose networks teach it.
    """

    name: str
    share: float
    learning_rate: float
    deeper: int = 0
    resume: str | None = None
    teachers: tuple[str, ...] = ()


STAGES = (
    Stage("base", 0.5, 3e-3),
    Stage("teacher", 0.25, 1e-3, deeper=2, resume="base"),
    Stage("student", 0.25, 1e-3, resume="base", teachers=("base", "teacher")),
)
"""The recipe, in order; the last stage's network is exported."""


@dataclass(frozen=True)
class Recipe:
    """What is made: from what, sizes, minutes of all stages together, where it is kept and where it goes."""

    cache: Path
    out: Path
    version: str
    training: TrainingConfig
    resume: Path | None = None
    device: str = "cpu"
    network: NetworkConfig = field(default_factory=NetworkConfig)
    corpus: CorpusConfig = field(default_factory=CorpusConfig)


def main() -> None:
    """Train, export, and evaluate where the evaluation data are there."""
    options = _parse_options()
    recipe = Recipe(
        cache=options.cache,
        out=options.out,
        version=options.version,
        training=TrainingConfig(minutes=options.minutes, seed=options.seed, threads=options.threads),
        resume=options.resume,
        device=options.device,
    )
    make(recipe)
    fingerprints = [str(options.cache / stage.name / FINGERPRINTS_FILE) for stage in STAGES]
    if data_folder().is_dir():
        evaluate.main(["--model", str(options.out), "--fingerprints", *fingerprints])
    else:
        print(f"not evaluated: there are no data in {data_folder()}; set SUPPLYGRAPH_DATA")


def make(recipe: Recipe) -> None:
    """Carry out the stages that are not finished, and export the last one's network."""
    for number, stage in enumerate(STAGES, 1):
        done = is_finished(recipe.cache / stage.name)
        minutes = stage.share * recipe.training.minutes
        print(f"{number}/{len(STAGES)} {stage.name}: {'done before' if done else f'{minutes:.1f} min'}")
        if not done:
            train(plan_stage(recipe, number - 1))
    export_run(recipe.cache / STAGES[-1].name, recipe.out, recipe.version)


def plan_stage(recipe: Recipe, index: int) -> TrainingPlan:
    """The plan of a stage: its seed is the recipe's plus a thousand per stage, so no corpus comes twice."""
    stage, out = STAGES[index], recipe.cache / STAGES[index].name
    return TrainingPlan(
        out=out,
        network=replace(recipe.network, layers=recipe.network.layers + stage.deeper),
        corpus=recipe.corpus,
        training=replace(
            recipe.training,
            minutes=stage.share * recipe.training.minutes,
            learning_rate=stage.learning_rate,
            seed=recipe.training.seed + 1000 * index,
        ),
        resume=recipe.cache / stage.resume / WEIGHTS_FILE if stage.resume else recipe.resume,
        carry_on=is_begun(out),
        teachers=tuple(recipe.cache / name / WEIGHTS_FILE for name in stage.teachers),
        device=recipe.device,
    )


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=110.0, help="of training, all stages together")
    parser.add_argument("--seed", type=int, default=TrainingConfig.seed)
    parser.add_argument("--resume", type=Path, help="a served model.onnx to start from; take another --seed")
    parser.add_argument("--threads", type=int, default=TrainingConfig.threads, help="at most")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="cpu")
    parser.add_argument("--cache", type=Path, default=Path("training/.cache/make"))
    parser.add_argument("--out", type=Path, default=Path("models/demand"))
    parser.add_argument("--version", default="1.0.0", help="for the card")
    return parser.parse_args()


if __name__ == "__main__":
    main()
