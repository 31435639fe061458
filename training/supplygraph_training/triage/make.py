"""From nothing to `models/triage/`: `python -m supplygraph_training.triage.make`.

A network of six layers learns the reviews; two teachers go on from it, on all texts; a student goes on from
three layers of one of them and is taught by both, in two runs, the second with more of the truth.
`--transfer` does the same on the 20k release alone and scores it on the other release. A run that is already
there is kept, so that a killed command goes on with the next one.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch

from supplygraph_training.datasets import data_folder
from supplygraph_training.triage import evaluate
from supplygraph_training.triage.corpus import REVIEWS_ONLY
from supplygraph_training.triage.export import export_run
from supplygraph_training.triage.plan import TrainingPlan
from supplygraph_training.triage.run import is_finished
from supplygraph_training.triage.train import train

TEACHERS = 2
REVIEWS_RATE, SECOND_RATE = 8e-5, 1e-4
SECOND_ALPHA = 0.6


def main() -> None:
    """Make the model, and with `--transfer` the runs that its figures come from."""
    options = _parse_options()
    torch.set_num_threads(options.threads)
    recipe = TrainingPlan(
        out=options.cache, data="all", minutes=options.minutes, seed=options.seed, start=options.start
    )
    student = make_runs(recipe)[-1]
    export_run(student, options.out, options.version)
    if options.transfer:
        *teachers, _, student = make_runs(replace(recipe, data="20k", seed=options.seed + 100))
        runs = ["--transfer", str(student), "--teachers", *map(str, teachers)]
        evaluate.main(["--model", str(options.out), "--write", *runs])


def make_runs(recipe: TrainingPlan) -> list[Path]:
    """Train where a run is not there yet; the folders of teachers and student, the student's last."""
    plans = plan_runs(recipe)
    for number, plan in enumerate(plans, 1):
        done = is_finished(plan.out)
        print(f"{recipe.data} {number}/{len(plans)}: {'done before' if done else f'{plan.minutes:g} min'}")
        if not done:
            train(plan, data_folder())
    return [plan.out for plan in plans[1:]]


def plan_runs(recipe: TrainingPlan) -> list[TrainingPlan]:
    """The plans of the reviews' run, the teachers and the student; each takes the recipe's minutes.

    The run on reviews is the same for all releases.
    """
    folder = recipe.out / recipe.data
    reviews = replace(
        recipe,
        out=recipe.out / "reviews",
        data="reviews",
        layers=6,
        encoder_rate=REVIEWS_RATE,
        start=recipe.start,
        corpus=REVIEWS_ONLY,
    )
    teachers = [
        replace(
            recipe, out=folder / f"teacher{number}", layers=6, seed=recipe.seed + number, start=reviews.out
        )
        for number in range(1, TEACHERS + 1)
    ]
    taught_by = tuple(plan.out for plan in teachers)
    student = replace(recipe, out=folder / "student", layers=3, teachers=taught_by, start=taught_by[0])
    again = replace(
        student,
        out=folder / "student2",
        seed=recipe.seed + TEACHERS + 1,
        start=student.out,
        encoder_rate=SECOND_RATE,
        alpha=SECOND_ALPHA,
    )
    return [reviews, *teachers, student, again]


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=15.0, help="of each run; there are five, or nine")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="run of six layers to start from, as of `pretrain`")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--transfer", action="store_true", help="also measure the recipe, on the 20k release alone"
    )
    parser.add_argument("--cache", type=Path, default=Path("training/.cache/triage"))
    parser.add_argument("--out", type=Path, default=Path("models/triage"))
    parser.add_argument("--version", default="1.0.0", help="for the card")
    return parser.parse_args()


if __name__ == "__main__":
    main()
