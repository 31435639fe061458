"""Template groups: texts that are near-duplicates of one another, directly or through others."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

THRESHOLD = 0.7
"""Smallest share of common words (Jaccard) of near-duplicates."""

_BLOCK = 1000


def group_templates(texts: list[str], threshold: float = THRESHOLD) -> NDArray[np.int64]:
    """Number the group of each text.

    Two texts belong together if their sets of words have a Jaccard similarity of at least `threshold`, or if
    a chain of such pairs joins them (single linkage).
    """
    words = CountVectorizer(binary=True, token_pattern=r"\S+", dtype=np.int32).fit_transform(texts).tocsr()
    sizes = np.asarray(words.sum(1)).ravel()
    rows, columns = [], []
    for start in range(0, len(texts), _BLOCK):
        common = (words[start : start + _BLOCK] @ words.T).tocoo()
        union = sizes[start + common.row] + sizes[common.col] - common.data
        near = common.data >= threshold * np.maximum(union, 1)
        rows.append(start + common.row[near])
        columns.append(common.col[near])
    row, column = np.concatenate(rows), np.concatenate(columns)
    return _join(row, column, len(texts))


def group_spellings(texts: list[str], threshold: float = THRESHOLD) -> NDArray[np.int64]:
    """Number the group of each text, as `group_templates`, by the cosine of TF-IDF of 2 to 5 characters.

    It forgives other endings and typos, so that its groups are fewer and much larger.
    """
    weights = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, dtype=np.float32)
    features = weights.fit_transform(texts).tocsr()
    rows, columns = [], []
    for start in range(0, len(texts), _BLOCK):
        cosine = (features[start : start + _BLOCK] @ features.T).tocoo()
        near = cosine.data >= threshold
        rows.append(start + cosine.row[near])
        columns.append(cosine.col[near])
    return _join(np.concatenate(rows), np.concatenate(columns), len(texts))


def _join(row: NDArray[np.int64], column: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    graph = csr_matrix((np.ones(row.size, np.int8), (row, column)), shape=(count, count))
    labels: NDArray[np.int64] = connected_components(graph, directed=False)[1].astype(np.int64)
    return labels


def fold_groups(groups: NDArray[np.int64], folds: int, seed: int) -> NDArray[np.int64]:
    """Number the fold of each text; a group is in one fold, the largest are placed first."""
    numbers, sizes = np.unique(groups, return_counts=True)
    order = np.random.default_rng(seed).permutation(numbers.size)
    order = order[np.argsort(-sizes[order], kind="stable")]
    filled = np.zeros(folds)
    fold_of = np.zeros(int(numbers.max()) + 1, np.int64)
    for place in order:
        fold = int(filled.argmin())
        fold_of[numbers[place]] = fold
        filled[fold] += sizes[place]
    return fold_of[groups]
