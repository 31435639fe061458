"""Demand of shops and wholesalers: counts × season × weekday × trend × price × stock.

The rate of demand per period is

    rate = level · exp(season + weekday + trend + life cycle + noise)
                 · (price / regular price)^(−ε) · exp(lift · promotion + effect · holiday)

with price elasticity −ε in [−4, −0.5] (range of published own-price elasticities of consumer
goods; Tellis 1988, "The Price Elasticity of Selective Demand"). Sales are negative binomial or
compound Poisson (orders × order size) around the rate and are cut off where stock runs out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supplygraph_training.config import COVARIATES, HOLIDAY, PRICE_RATIO, PROMOTION, STOCK_OUT
from supplygraph_training.generator.processes import (
    autoregression,
    chosen,
    harmonics,
    log_uniform,
    pattern,
    spells,
)
from supplygraph_training.generator.series import Booleans, Floats, Integers, Series

_DAILY, _WEEKLY, _MONTHLY = 0, 1, 2
_PERIODS = np.array([7, 52, 12])
_STEPS_A_YEAR = np.array([365.25, 52.18, 12.0])
_PACKS = np.array([1, 2, 4, 6, 10, 12, 24, 25, 48, 100])


@dataclass(frozen=True)
class _Calendar:
    """Where [n, length] periods lie in the year; `grain` [n] is daily, weekly or monthly."""

    grain: Integers
    step: Integers
    steps_a_year: Floats

    @property
    def year(self) -> Floats:
        return self.step / self.steps_a_year[:, None]


def retail(rng: np.random.Generator, n: int, length: int) -> Series:
    """Draw `n` series of shop or wholesale sales with covariates and stock-outs."""
    calendar = _draw_calendar(rng, n, length)
    covariates = np.zeros((n, length, len(COVARIATES)), np.float32)
    log_rate = _season(rng, calendar) + _trend(rng, calendar) + _life_cycle(rng, calendar)
    log_rate += _noise(rng, n, length)
    log_rate += _price_response(rng, calendar, covariates)
    log_rate += _holiday_response(rng, calendar, covariates)
    rate = np.exp(np.clip(log_rate, -8, 8))
    level = log_uniform(rng, 0.03, 300, n)
    rate *= (level / np.maximum(rate.mean(1), 1e-6))[:, None]
    rate *= _open_days(rng, calendar)
    demand = _sample_counts(rng, rate)
    sales = _run_out_of_stock(rng, demand, covariates)
    period = np.where(chosen(rng, 0.08, n), 1, _PERIODS[calendar.grain])
    return Series(sales, demand, covariates, period)


def price_factor(price_ratio: Floats, elasticity: Floats) -> Floats:
    """Demand relative to that at the regular price: (p/p₀)^elasticity, ratio given as log."""
    return np.exp(elasticity * price_ratio)


def trend(elapsed: Floats, slope: Floats, change: Floats, knee: Floats) -> Floats:
    """Log-linear growth: `slope` per year, and `change` more from `knee` years on; within e^±4."""
    return np.clip(slope * elapsed + change * np.maximum(elapsed - knee, 0), -4, 4)


def launch(now: Integers | Floats, launched: Floats, pace: Floats) -> Floats:
    """Log share of the final level that a product reaches after its launch: a logistic rise.

    Half the level at `launched`; `pace` periods multiply the odds by e (Fisher & Pry 1971, "A Simple
    Substitution Model of Technological Change").
    """
    return -np.logaddexp(0, -(now - launched) / pace)


def retirement(now: Integers | Floats, retired: Floats, pace: Floats) -> Floats:
    """Log share of its level that an obsolete product keeps: `launch` run backwards."""
    return launch(-now, -retired, pace)


def promotion_effect(promoted: Booleans, lift: Floats, dip: Floats) -> Floats:
    """Log effect of promotions [n, length] beyond their price: `lift` during, −`dip` just after."""
    after = np.zeros_like(promoted)
    after[:, 1:] = promoted[:, :-1] & ~promoted[:, 1:]
    return lift * promoted - dip * after


def holidays(day: Floats, dates: Floats, count: Integers, width: Floats) -> Booleans:
    """Mark [n, length] periods within `width` years after one of the first `count` of [n, k] dates.

    `day` [n, length] and `dates` are fractions of a year.
    """
    marked = np.zeros(day.shape, bool)
    for k in range(dates.shape[1]):
        near = (day - dates[:, k, None]) % 1.0 < width[:, None]
        marked |= near & (k < count)[:, None]
    return marked


def sample_compound_poisson(rng: np.random.Generator, rate: Floats, mean_size: Floats) -> Floats:
    """Sample units of Poisson orders whose sizes are geometric from 1 on, of mean `mean_size` ≥ 1.

    Mean `rate`, variance rate · (2 · mean_size − 1).
    """
    orders = rng.poisson(rate / mean_size)
    extra = rng.poisson(rng.standard_gamma(orders) * (mean_size - 1))
    return (orders + extra).astype(np.float64)


def inflate_zeros(rng: np.random.Generator, demand: Floats, share: Floats) -> Floats:
    """Set a share of the periods to zero whatever was wanted (Lambert 1992, zero-inflated counts)."""
    return demand * (rng.random(demand.shape) >= share)


def censor(rng: np.random.Generator, demand: Floats, empty: Booleans) -> Floats:
    """Sales where the shelf is empty: what was left on a spell's first period, then nothing."""
    began = empty.copy()
    began[:, 1:] &= ~empty[:, :-1]
    left = np.floor(demand * rng.random(demand.shape))
    return np.where(empty, np.where(began, left, 0.0), demand)


def _draw_calendar(rng: np.random.Generator, n: int, length: int) -> _Calendar:
    grain = rng.choice(3, n, p=[0.5, 0.25, 0.25])
    steps_a_year = _STEPS_A_YEAR[grain]
    start = (rng.random(n) * steps_a_year).astype(np.int64)
    return _Calendar(grain, start[:, None] + np.arange(length), steps_a_year)


def _season(rng: np.random.Generator, calendar: _Calendar) -> Floats:
    n = len(calendar.grain)
    amplitude = rng.exponential(0.25, n) * chosen(rng, 0.75, n)
    season = harmonics(rng, calendar.year, np.ones(n), amplitude, 3)
    season += _rush_before_feast(rng, calendar.year)
    weekday = rng.exponential(0.3, n) * (calendar.grain == _DAILY) * chosen(rng, 0.8, n)
    return season + pattern(rng, calendar.step, np.full(n, 7), weekday)


def _rush_before_feast(rng: np.random.Generator, year: Floats) -> Floats:
    """Growth over weeks up to a yearly feast, then collapse, as before Christmas."""
    n = len(year)
    height = rng.gamma(2, 0.5, n) * chosen(rng, 0.35, n)
    width = rng.uniform(0.03, 0.2, n)
    before = (rng.random(n)[:, None] - year) % 1.0
    rise = np.exp(-before / width[:, None])
    slump = np.where(before > 0.96, -rng.random(n)[:, None], 0.0)
    return height[:, None] * (rise + slump)


def _trend(rng: np.random.Generator, calendar: _Calendar) -> Floats:
    """Log-linear trend per year with one change of slope."""
    n = len(calendar.step)
    slope = rng.normal(0, 0.4, n) * chosen(rng, 0.7, n)
    change = rng.normal(0, 0.6, n) * chosen(rng, 0.4, n)
    elapsed = (calendar.year - calendar.year[:, :1]).astype(np.float32)
    knee = rng.random(n)[:, None] * elapsed[:, -1:]
    return trend(elapsed, slope[:, None], change[:, None], knee)


def _life_cycle(rng: np.random.Generator, calendar: _Calendar) -> Floats:
    """Launch ramps and obsolescence, as log factors ≤ 0."""
    n, length = len(calendar.step), calendar.step.shape[1]
    now = np.arange(length)
    pace = log_uniform(rng, 2, 60, n)[:, None]
    launched = rng.uniform(-0.2, 0.7, n)[:, None] * length
    ramp = launch(now, launched, pace) * chosen(rng, 0.15, n)[:, None]
    retired = rng.uniform(0.3, 1.2, n)[:, None] * length
    return ramp + retirement(now, retired, pace) * chosen(rng, 0.15, n)[:, None]


def _noise(rng: np.random.Generator, n: int, length: int) -> Floats:
    deviation = rng.exponential(0.2, n) * chosen(rng, 0.7, n)
    return autoregression(rng, length, rng.uniform(0, 0.98, n), deviation)


def _price_response(rng: np.random.Generator, calendar: _Calendar, covariates: Floats) -> Floats:
    """Fill the price and promotion channels; return their log effect on demand."""
    n, length = len(calendar.step), calendar.step.shape[1]
    promoted = spells(
        rng,
        length,
        log_uniform(rng, 0.005, 0.08, n) * chosen(rng, 0.5, n),
        np.where(calendar.grain == _DAILY, rng.uniform(2, 10, n), rng.uniform(1, 3, n)),
    )
    depth = -rng.uniform(0.02, 0.6, n)[:, None] * rng.choice([0.5, 1.0], (n, length), p=[0.2, 0.8])
    drift = autoregression(rng, length, np.full(n, 0.97), rng.exponential(0.08, n))
    drift = np.round(drift, 1) * chosen(rng, 0.3, n)[:, None]
    price_ratio = np.where(promoted, depth, 0) + drift
    elasticity = -rng.uniform(0.5, 4, n)
    lift = rng.exponential(0.3, n)[:, None]
    dip = rng.uniform(0, 0.4, n)[:, None] * chosen(rng, 0.3, n)[:, None]
    covariates[:, :, PRICE_RATIO] = price_ratio
    covariates[:, :, PROMOTION] = promoted
    effect = promotion_effect(promoted, lift, dip)
    return np.log(price_factor(price_ratio, elasticity[:, None])) + effect


def _holiday_response(rng: np.random.Generator, calendar: _Calendar, covariates: Floats) -> Floats:
    """Fill the holiday channel with a few dates that return each year; return their log effect."""
    n = len(calendar.grain)
    date = rng.random((n, 5))
    count = rng.integers(0, 6, n) * chosen(rng, 0.6, n)
    width = np.maximum(1 / calendar.steps_a_year, rng.uniform(0, 0.012, n))
    holiday = holidays(calendar.year % 1.0, date, count, width)
    covariates[:, :, HOLIDAY] = holiday
    return holiday * rng.normal(0, 0.7, n)[:, None]


def _open_days(rng: np.random.Generator, calendar: _Calendar) -> Floats:
    """0 on days when the shop is closed: one or two weekdays, and a break of some days."""
    n, length = len(calendar.step), calendar.step.shape[1]
    daily = calendar.grain == _DAILY
    weekday = calendar.step % 7
    closed = (weekday == rng.integers(0, 7, n)[:, None]) & chosen(rng, 0.4, n)[:, None]
    closed |= (weekday == rng.integers(0, 7, n)[:, None]) & chosen(rng, 0.15, n)[:, None]
    closed |= spells(rng, length, np.full(n, 0.004), np.full(n, 5.0)) & chosen(rng, 0.4, n)[:, None]
    return np.where(closed & daily[:, None], 0.0, 1.0)


def _sample_counts(rng: np.random.Generator, rate: Floats) -> Floats:
    """Sample whole units around `rate` [n, length]; each series has one kind of distribution."""
    n = len(rate)
    kind = rng.random(n)
    demand = np.empty_like(rate)
    plain, orders, bulk = kind < 0.4, (kind >= 0.4) & (kind < 0.75), kind >= 0.75
    demand[plain] = sample_negative_binomial(rng, rate[plain], log_uniform(rng, 0.3, 60, plain.sum()))
    demand[orders] = _sample_orders(rng, rate[orders])
    demand[bulk] = _sample_bulk(rng, rate[bulk])
    inflated = (rng.random(n) * chosen(rng, 0.25, n) * 0.6)[:, None]
    demand = inflate_zeros(rng, demand, inflated)
    packed = np.where(chosen(rng, 0.2, n), rng.choice(_PACKS, n), 1)
    return demand * packed[:, None]


def sample_negative_binomial(rng: np.random.Generator, mean: Floats, size: Floats) -> Floats:
    """Sample counts of mean `mean` [n, length] and variance mean + mean²/size, `size` [n] > 0."""
    shape = np.broadcast_to(size[:, None], mean.shape)
    return rng.poisson(mean * rng.standard_gamma(shape) / shape).astype(np.float64)


def _sample_orders(rng: np.random.Generator, rate: Floats) -> Floats:
    mean_size = 1 + rng.exponential(6, (len(rate), 1))
    return sample_compound_poisson(rng, rate, mean_size)


def _sample_bulk(rng: np.random.Generator, rate: Floats) -> Floats:
    """Retail orders plus rare wholesale orders with a heavy (log-normal) tail."""
    n = len(rate)
    bulk_share = rng.uniform(0.1, 0.7, n)[:, None]
    sigma = rng.uniform(0.5, 1.6, n)[:, None]
    ratio = log_uniform(rng, 3, 60, n)[:, None]
    typical = np.maximum(ratio * rate.mean(1, keepdims=True) ** 0.5, 2)
    orders = rng.poisson(bulk_share * rate / (typical * np.exp(sigma**2 / 2)))
    sizes = np.round(typical * np.exp(sigma * rng.standard_normal(rate.shape)))
    return _sample_orders(rng, (1 - bulk_share) * rate) + orders * sizes


def _run_out_of_stock(rng: np.random.Generator, demand: Floats, covariates: Floats) -> Floats:
    """Fill the stock-out channel; return sales, which never exceed demand."""
    n, length = len(demand), demand.shape[1]
    rate = log_uniform(rng, 0.005, 0.06, n) * chosen(rng, 0.3, n)
    empty = spells(rng, length, rate, rng.uniform(1, 12, n))
    covariates[:, :, STOCK_OUT] = empty
    return censor(rng, demand, empty)
