"""Boosted trees on orange juice, as a peer of `bench/pricing/orangeJuice.ts`.

`python boostedTrees.py sales.csv.gz 136` learns log units from the weeks before 136 and prints a JSON list of its
predictions for the rows from week 136 on, in the order of the file. Inputs are those of least squares: log prices of
all brands, deal, feature, the store and the brand as categories, and the brand's own log price.
"""

import csv
import gzip
import json
import sys

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

BRANDS = 11


def main() -> None:
    with gzip.open(sys.argv[1], "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    prices = np.log([[float(row[f"price{k + 1}"]) for k in range(BRANDS)] for row in rows])
    others = np.array([[float(row[name]) for name in ("deal", "feat", "store", "brand")] for row in rows])
    own = prices[np.arange(len(rows)), others[:, 3].astype(int) - 1]
    inputs = np.column_stack([prices, others, own])
    targets = np.array([float(row["logmove"]) for row in rows])
    is_test = np.array([int(row["week"]) for row in rows]) >= int(sys.argv[2])
    trees = HistGradientBoostingRegressor(
        max_iter=500, learning_rate=0.05, categorical_features=[BRANDS + 2, BRANDS + 3], random_state=0
    )
    trees.fit(inputs[~is_test], targets[~is_test])
    print(json.dumps(trees.predict(inputs[is_test]).tolist()))


if __name__ == "__main__":
    main()
