"""Make the pricing model from nothing: `python -m supplygraph_training.pricing.make`, in the project's root.

Draws shops and lets the elasticity engine read them (`training/shops/writeLessons.ts`, which needs Node
and the project's packages), trains, and exports to `models/pricing/`. About half an hour on two cores.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

_TRAINING_SEEDS = (101, 102)
_VALIDATION_SEED = 201
_VALIDATION_ITEMS = 10_000


def main() -> None:
    """Draw, train and export by the options."""
    options = _parse_options()
    options.work.mkdir(parents=True, exist_ok=True)
    validation = options.work / "val.f32"
    files = [options.work / f"train{seed}.f32" for seed in _TRAINING_SEEDS]
    drawing = [
        write_lessons(file, seed, options.items // len(files))
        for file, seed in zip(files, _TRAINING_SEEDS, strict=True)
    ]
    drawing.append(write_lessons(validation, _VALIDATION_SEED, _VALIDATION_ITEMS))
    for process in drawing:
        if process.wait() != 0:
            raise SystemExit("The lessons must be written, and writeLessons.ts failed.")
    run = options.work / "run"
    module = "supplygraph_training.pricing"
    lessons = ["--lessons", *map(str, files), "--validation", str(validation)]
    _run_python(f"{module}.train", *lessons, "--out", str(run), "--epochs", str(options.epochs))
    export = ["--run", str(run), "--lessons", str(validation), "--version", options.version]
    _run_python(f"{module}.export", *export, "--out", str(options.out))


def write_lessons(path: Path, seed: int, items: int) -> subprocess.Popen[bytes]:
    """Start to write lessons of one seed."""
    script = ["npx", "tsx", "training/shops/writeLessons.ts"]
    return subprocess.Popen([*script, "--items", str(items), "--seed", str(seed), "--out", str(path)])


def _run_python(module: str, *options: str) -> None:
    subprocess.run([sys.executable, "-m", module, *options], check=True)


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=200_000, help="drawn items to learn from")
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--version", required=True, help="version of the model, e.g. 1.0.0")
    parser.add_argument("--work", type=Path, default=Path("training/.cache/pricing"))
    parser.add_argument("--out", type=Path, default=Path("models/pricing"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
