"""Evaluation tasks: the shared series and Online Retail's sales by day and by week."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from supplygraph_training.generator.series import Floats

SERIES_TASKS = ("car_parts", "m1_quarterly", "m3_monthly", "m3_yearly", "tourism_quarterly")
RETAIL_TASKS = ("online_retail_daily", "online_retail_weekly")
_DAILY_HORIZON, _WEEKLY_HORIZON = 28, 8
_GOODS = re.compile(r"\d{5}")


@dataclass(frozen=True)
class TaskSeries:
    """One series: [n] history and [horizon] targets, units per period; NaN = missing."""

    train: Floats
    test: Floats


@dataclass(frozen=True)
class Task:
    """A data set to forecast: `horizon` periods ahead, `seasonality` periods a season."""

    name: str
    horizon: int
    seasonality: int
    series: list[TaskSeries]


def data_folder() -> Path:
    """Folder of the shared data: `SUPPLYGRAPH_DATA`, else `../shared/data` beside the project."""
    return Path(os.environ.get("SUPPLYGRAPH_DATA", "../shared/data"))


def load_task(name: str, folder: Path, split: str) -> Task:
    """Load a task; with split "validation" the last horizon of `train` takes the place of `test`."""
    task = _load_retail(name, folder) if name in RETAIL_TASKS else _load_series(name, folder)
    return task if split == "test" else hold_back(task)


def hold_back(task: Task) -> Task:
    """Hold the last horizon of each history back, where a horizon of history remains."""
    h = task.horizon
    series = [TaskSeries(one.train[:-h], one.train[-h:]) for one in task.series if one.train.size >= 2 * h]
    return Task(task.name, h, task.seasonality, series)


def _load_series(name: str, folder: Path) -> Task:
    with gzip.open(folder / "series" / f"{name}.jsonl.gz", "rt") as lines:
        rows = [json.loads(line) for line in lines]
    series = [
        TaskSeries(np.array(row["train"], np.float64), np.array(row["test"], np.float64)) for row in rows
    ]
    return Task(name, rows[0]["horizon"], rows[0]["seasonality"], series)


def _load_retail(name: str, folder: Path) -> Task:
    daily = read_daily_sales(folder / "online_retail" / "online_retail.csv.gz")
    if name == "online_retail_daily":
        horizon, seasonality, sales = _DAILY_HORIZON, 7, daily
    else:
        horizon, seasonality = _WEEKLY_HORIZON, 52
        sales = [sum_weeks(one) for one in daily]
    series = [TaskSeries(one[:-horizon], one[-horizon:]) for one in sales if one.size >= 3 * horizon]
    return Task(name, horizon, seasonality, series)


def read_daily_sales(path: Path) -> list[Floats]:
    """Units sold per day and article, each from its first sale to the file's end.

    Articles are stock codes that begin with five digits; sales are rows that are no cancellation
    (no C before the invoice number), of positive quantity and price.
    """
    sold: dict[str, dict[date, float]] = {}
    last = date.min
    with gzip.open(path, "rb") as raw:
        for row in csv.DictReader(io.TextIOWrapper(raw, "utf-8", errors="replace")):
            day = date.fromisoformat(row["InvoiceDate"][:10])
            last = max(last, day)
            if not _GOODS.match(row["StockCode"]) or row["InvoiceNo"].startswith("C"):
                continue
            quantity, price = float(row["Quantity"]), float(row["UnitPrice"])
            if quantity > 0 and price > 0:
                days = sold.setdefault(row["StockCode"], {})
                days[day] = days.get(day, 0.0) + quantity
    return [_fill_days(days, last) for _, days in sorted(sold.items())]


def sum_weeks(daily: Floats) -> Floats:
    """Sum bins of seven days, the last of which ends on the last day; a partial first one is cut."""
    weeks = daily.size // 7
    return daily[daily.size - 7 * weeks :].reshape(weeks, 7).sum(1)


def _fill_days(days: dict[date, float], last: date) -> Floats:
    first = min(days)
    count = (last - first).days + 1
    return np.array([days.get(first + timedelta(days=k), 0.0) for k in range(count)])
