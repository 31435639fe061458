"""The baseline: TF-IDF of words and characters with a linear support vector machine."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC


class TextSvm:
    """Words 1–2 and characters 2–5 within words, sublinear TF-IDF, one linear SVM a class (C = 1)."""

    def __init__(self, texts: list[str], labels: list[str]) -> None:
        features = make_union(
            TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=r"\S+"),
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, max_features=200_000),
        )
        self._pipeline: Any = make_pipeline(features, LinearSVC(C=1.0)).fit(texts, labels)

    def predict(self, texts: list[str]) -> list[str]:
        """The label of each text."""
        return [str(label) for label in self._pipeline.predict(texts)]

    def scores(self, texts: list[str]) -> NDArray[np.float64]:
        """Distances from the decision planes: [n] for two classes, [n, classes] for more."""
        distances: NDArray[np.float64] = self._pipeline.decision_function(texts)
        return distances
