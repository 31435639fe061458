"""AutoTheta of statsforecast on the series of a file, one core, as a peer of `bench/speed.ts`.

`python autoTheta.py series.json`, series.json being {"horizon": 28, "seasonLength": 7, "series": [[...], ...]}.
Says `ready` after a first pass over a few series. Each line `points` or `intervals` on standard input then
forecasts every series once, with the quantiles 0.1 ... 0.9 for `intervals`, and answers {"wall": s, "cpu": s}.
"""

import json
import sys
import time

import numpy as np
from statsforecast.models import AutoTheta

LEVELS = {"points": None, "intervals": [20, 40, 60, 80]}
"""Central intervals whose ends, with the median, are the quantiles 0.1 ... 0.9."""


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as file:
        task = json.load(file)
    series = [np.asarray(values, dtype=np.float64) for values in task["series"]]
    for kind in LEVELS:
        forecast(series[:6], task, kind)
    print("ready", flush=True)
    for line in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        forecast(series, task, line.strip())
        seconds = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        print(json.dumps(seconds), flush=True)


def forecast(series: list[np.ndarray], task: dict, kind: str) -> None:
    for values in series:
        answer = AutoTheta(season_length=task["seasonLength"]).forecast(values, task["horizon"], level=LEVELS[kind])
        if not np.isfinite(answer["mean"]).all():
            raise ValueError("AutoTheta must answer finite numbers.")


if __name__ == "__main__":
    main()
