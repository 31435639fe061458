from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from supplygraph_training.baselines import seasonal_naive
from supplygraph_training.datasets import Task, TaskSeries, hold_back, load_task, read_daily_sales, sum_weeks
from supplygraph_training.metrics import score

_INVOICES = """InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
1,85123A,HEART,6,2010-12-01 08:26:00,2.55,1,United Kingdom
2,85123A,HEART,4,2010-12-01 09:00:00,2.55,1,United Kingdom
C3,85123A,HEART,-4,2010-12-02 09:00:00,2.55,1,United Kingdom
4,POST,POSTAGE,1,2010-12-02 09:00:00,18.0,1,United Kingdom
5,85123A,HEART,3,2010-12-03 09:00:00,0,1,United Kingdom
6,22222,LATE,2,2010-12-03 10:00:00,1.0,1,United Kingdom
7,85123A,HEART,1,2010-12-04 10:00:00,2.55,1,United Kingdom
"""


def test_daily_sales_hold_goods_sold_at_a_price_from_the_first_sale_on(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv.gz"
    path.write_bytes(gzip.compress(_INVOICES.encode()))
    assert [series.tolist() for series in read_daily_sales(path)] == [[2.0, 0.0], [10.0, 0.0, 0.0, 1.0]]


def test_weeks_end_on_the_last_day() -> None:
    assert sum_weeks(np.arange(16.0)).tolist() == [sum(range(2, 9)), sum(range(9, 16))]


def test_validation_holds_back_the_last_horizon_of_the_training_part() -> None:
    test = np.array([9.0, 9.0])
    task = Task("toy", 2, 1, [TaskSeries(np.arange(5.0), test), TaskSeries(np.arange(3.0), test)])
    held = hold_back(task)
    assert [one.train.tolist() for one in held.series] == [[0, 1, 2]]
    assert [one.test.tolist() for one in held.series] == [[3, 4]]


@pytest.mark.parametrize(
    ("name", "wql", "mase"), [("m3_yearly", 0.16653, 3.17171), ("m1_quarterly", 0.1495, 2.07754)]
)
def test_seasonal_naive_reproduces_the_published_scores(
    shared_data: Path, name: str, wql: float, mase: float
) -> None:
    task = load_task(name, shared_data, "test")
    quantiles = np.stack([seasonal_naive(one.train, task.horizon, task.seasonality) for one in task.series])
    scores = score(task, quantiles)
    assert scores.wql == pytest.approx(wql, abs=1e-4)
    assert scores.mase == pytest.approx(mase, abs=1e-4)
