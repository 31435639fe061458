"""What one training run does."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from supplygraph_training.triage.corpus import CorpusConfig
from supplygraph_training.triage.losses import LossWeights

LAYERS = {6: (0, 1, 2, 3, 4, 5), 4: (0, 2, 4, 5), 3: (0, 2, 5), 2: (0, 5)}
"""Which of MiniLM's layers, or of a teacher's, a network of so many layers starts from."""


@dataclass(frozen=True)
class TrainingPlan:
    """What one run does.

    Attributes
    ----------
    data : str
        "20k" (one Bitext release and reviews), "all" (both releases, reviews, bank queries) or "reviews".
    alpha, temperature, relation : float
        L = α · L_truth + (1 − α) · L_teacher + relation · L_relation, with teachers.
    rows, longest : int
        Texts of a batch; tokens of a training text.
    start : Path or None
        Run whose weights to start from, of as many layers or of six.
    """

    out: Path
    data: str = "all"
    layers: int = 3
    minutes: float = 12.0
    seed: int = 1
    rows: int = 64
    encoder_rate: float = 1.5e-4
    head_rate: float = 1e-3
    longest: int = 96
    alpha: float = 0.4
    temperature: float = 2.0
    relation: float = 1.0
    teachers: tuple[Path, ...] = ()
    start: Path | None = None
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    weights: LossWeights = field(default_factory=LossWeights)

    def to_json(self) -> dict[str, Any]:
        """The record that goes into `run.json`, without paths."""
        record = asdict(self)
        record.pop("out")
        record["teachers"] = [path.name for path in self.teachers]
        record["start"] = self.start.name if self.start else None
        return record
