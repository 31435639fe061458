"""Every number that shapes the demand model, in frozen dataclasses whose ranges are checked."""

from __future__ import annotations

from dataclasses import dataclass

CONTEXT_LENGTH = 512
"""Periods of history the served graph takes."""

HORIZON_LENGTH = 64
"""Periods the served graph forecasts."""

QUANTILE_LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""Levels of the forecast, ascending and symmetric about the median."""

COVARIATES = ("price_ratio", "promotion", "holiday", "stock_out")
"""Channel order of the `covariates` input."""

PRICE_RATIO, PROMOTION, HOLIDAY, STOCK_OUT = range(len(COVARIATES))


@dataclass(frozen=True)
class NetworkConfig:
    """Shape of the network.

    Attributes
    ----------
    width : int
        Features per token, a multiple of `heads`, 16 to 512.
    layers : int
        Encoder layers, 1 to 12.
    heads : int
        Attention heads, 1 to 16.
    feed_forward : int
        Hidden features of a layer's feed-forward part, 16 to 4096.
    patch : int
        Periods per token, a divisor of the context and of the horizon.
    """

    width: int = 128
    layers: int = 4
    heads: int = 4
    feed_forward: int = 512
    patch: int = 16

    def __post_init__(self) -> None:
        _check("width", self.width, 16, 512)
        _check("layers", self.layers, 1, 12)
        _check("heads", self.heads, 1, 16)
        _check("feed_forward", self.feed_forward, 16, 4096)
        if self.width % self.heads:
            raise ValueError(f"width must be a multiple of heads, got {self.width} and {self.heads}.")
        if self.patch < 1 or CONTEXT_LENGTH % self.patch or HORIZON_LENGTH % self.patch:
            raise ValueError(f"patch must divide {CONTEXT_LENGTH} and {HORIZON_LENGTH}, got {self.patch}.")


@dataclass(frozen=True)
class CorpusConfig:
    """What the synthetic corpus is made of.

    Attributes
    ----------
    batch : int
        Series per batch, 1 to 4096.
    contexts : tuple of int
        Context lengths, one of which each batch has; each a multiple of 16 up to 512.
    context_shares : tuple of float
        How often each context length is drawn; sums to 1.
    family_shares : tuple of (str, float)
        How often each generator family is drawn; sums to 1.
    mix_share : float
        Share of the continuous series that are replaced by a convex mix of two, 0 to 1.
    missing_share : float
        Share of series with missing periods, 0 to 1.
    channel_dropout : float
        Chance that one covariate channel of one series is unknown, 0 to 1.
    """

    batch: int = 128
    contexts: tuple[int, ...] = (48, 64, 128, 256, 512)
    context_shares: tuple[float, ...] = (0.26, 0.18, 0.28, 0.12, 0.16)
    family_shares: tuple[tuple[str, float], ...] = (
        ("retail", 0.30),
        ("intermittent", 0.16),
        ("macro", 0.36),
        ("gaussian_process", 0.06),
        ("walk", 0.05),
        ("shapes", 0.07),
    )
    mix_share: float = 0.1
    missing_share: float = 0.15
    channel_dropout: float = 0.5

    def __post_init__(self) -> None:
        _check("batch", self.batch, 1, 4096)
        for context in self.contexts:
            _check("context", context, 16, CONTEXT_LENGTH)
            if context % 16:
                raise ValueError(f"context must be a multiple of 16, got {context}.")
        if len(self.contexts) != len(self.context_shares):
            raise ValueError("contexts and context_shares must be equally long.")
        _check_shares("context_shares", self.context_shares)
        _check_shares("family_shares", tuple(share for _, share in self.family_shares))
        _check("mix_share", self.mix_share, 0, 1)
        _check("missing_share", self.missing_share, 0, 1)
        _check("channel_dropout", self.channel_dropout, 0, 1)


@dataclass(frozen=True)
class LossWeights:
    """The λ of the multi-task loss, each ≥ 0.

    Attributes
    ----------
    quantiles : float
        Mean pinball loss of the nine quantiles.
    zero : float
        Cross-entropy of "this period's demand is zero".
    undisturbed : float
        Squared error of the demand that a stock-out hid.
    """

    quantiles: float = 1.0
    zero: float = 0.1
    undisturbed: float = 0.05

    def __post_init__(self) -> None:
        for name in ("quantiles", "zero", "undisturbed"):
            _check(name, getattr(self, name), 0, 1e6)


@dataclass(frozen=True)
class DistillationConfig:
    """How a student learns from a teacher: `L = α · L_truth + (1 − α) · L_teacher`.

    Attributes
    ----------
    alpha : float
        α, weight of what really happened, 0 to 1.
    temperature : float
        T, by which the log-odds of zero demand are divided before they are compared, 1 to 20.
    recent, mirrored : float
        Weights of two of the teacher's views (see `teacher.Teacher`), each ≥ 0 and together ≤ 1; the
        view of the plain history has the rest.
    share : float
        Share of each batch's rows that the teacher is asked about, above 0 up to 1: its answers cost
        more than the student's step.
    """

    alpha: float = 0.5
    temperature: float = 2.0
    recent: float = 0.35
    mirrored: float = 0.15
    share: float = 0.375

    def __post_init__(self) -> None:
        _check("alpha", self.alpha, 0, 1)
        _check("temperature", self.temperature, 1, 20)
        _check("recent", self.recent, 0, 1)
        _check("mirrored", self.mirrored, 0, 1)
        _check("recent + mirrored", self.recent + self.mirrored, 0, 1)
        _check("share", self.share, 1e-9, 1)


@dataclass(frozen=True)
class TrainingConfig:
    """How the network is trained.

    Attributes
    ----------
    minutes : float
        Wall-clock budget; the learning rate reaches zero when it is spent, (0, 10080].
    learning_rate : float
        Peak of the schedule, (0, 1].
    warmup_steps : int
        Steps of linear rise to the peak, ≥ 0.
    weight_decay : float
        Decay of matrices, [0, 1].
    average_decay : float
        Decay of the exponential moving average of the weights that is exported, [0, 1).
    keep : float
        Share of the weights a run started from in those it exports, [0, 1]; needs weights to start from.
    gradient_norm : float
        Norm to which gradients are clipped, > 0.
    seed : int
        Seed of weights and corpus, ≥ 0.
    threads : int
        Threads of PyTorch, ≥ 1.
    """

    minutes: float = 55.0
    learning_rate: float = 3e-3
    warmup_steps: int = 300
    weight_decay: float = 0.05
    average_decay: float = 0.998
    keep: float = 0.0
    gradient_norm: float = 1.0
    seed: int = 2026
    threads: int = 2

    def __post_init__(self) -> None:
        _check("minutes", self.minutes, 1e-9, 10080)
        _check("learning_rate", self.learning_rate, 1e-12, 1)
        _check("warmup_steps", self.warmup_steps, 0, 10**9)
        _check("weight_decay", self.weight_decay, 0, 1)
        _check("average_decay", self.average_decay, 0, 1 - 1e-9)
        _check("keep", self.keep, 0, 1)
        _check("gradient_norm", self.gradient_norm, 1e-12, 1e12)
        _check("seed", self.seed, 0, 2**63)
        _check("threads", self.threads, 1, 1024)


def _check(name: str, value: float, lowest: float, highest: float) -> None:
    if not lowest <= value <= highest:
        raise ValueError(f"{name} must be {lowest:g} to {highest:g}, got {value:g}.")


def _check_shares(name: str, shares: tuple[float, ...]) -> None:
    if any(share < 0 for share in shares) or abs(sum(shares) - 1) > 1e-9:
        raise ValueError(f"{name} must be shares that sum to 1, got {shares}.")
