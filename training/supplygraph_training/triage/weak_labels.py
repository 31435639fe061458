"""Rules that label complaint, sentiment and severity where no data do: weak labels, open to inspection.

Severity: what endangers people, breaks the law or is fraud is critical; money lost, repeated failure and
anger are high; a fault, a delay or dissatisfaction is medium; all else is low.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_CRITICAL = re.compile(
    r"\b(caught fire|explod\w+|electric shock|injur\w+|hospital\w*|poison\w*|allergic reaction|"
    r"burn(?:ed|t) my|lawyer|solicitor|attorney|su(?:e|ing) you|"
    r"legal action|court|police|fraud\w*|scam\w*|identity theft|"
    r"data (?:was |were )?leaked|data breach|stole my (?:card|identity|money))\b"
)
_HIGH = re.compile(
    r"\b(charged (?:me )?twice|double charged|overcharged|(?:second|third|fourth|fifth|tenth) time|"
    r"for (?:two |three )?(?:weeks|months)|furious|livid|outraged|so angry|really angry|fed up|unacceptable|"
    r"disgusting|ridiculous|"
    r"never (?:buy|order) here again|worst|hacked|stole\w*|got nothing|nobody (?:cares|helps|answers))\b"
)
_MEDIUM = re.compile(
    r"\b(problems?|issues?|errors?|declined|failed|fails|broken|damaged|faulty|defective|wrong|lost|missing|late|"
    r"delayed|not (?:happy|satisfied|pleased)|unhappy|dissatisfied|discontent|complain\w*|disappoint\w*|"
    r"don't like|do not like|not helping|aren't helping|arent helping|useless|poor|bad|terrible|awful|"
    r"never (?:came|arrived|got)|crash\w*|doesn't work|does not work|claim)\b"
)
_SWEARING = re.compile(
    r"\b(fuck\w*|shit\w*|damn\w*|goddamn\w*|bloody|freaking|crap\w*|stupid|bullshit|wtf|ffs|hell|"
    r"idiots?|moron\w*)\b"
)
_UNHAPPY = re.compile(
    r"\b(not (?:happy|satisfied|pleased)|unhappy|dissatisfied|discontent|complain\w*|disappoint\w*|"
    r"don't like|do not like|not helping|aren't helping|arent helping|useless|poor|bad|broken|damaged|"
    r"faulty|wrong|never (?:came|arrived))\b"
)
_FURIOUS = re.compile(
    r"\b(furious|livid|outraged|angry|fed up|unacceptable|disgusting|ridiculous|worst|hate)\b"
)
_HAPPY = re.compile(
    r"\b(thank you so much|(?<!d )love|excellent|amazing|fantastic|perfect|wonderful|best(?! way))\b"
)
_PLEASED = re.compile(r"(?<!not )(?<!un)\b(happy|good|great|nice|satisfied|glad)\b")

_PROBLEM_INTENTS = frozenset({"complaint", "payment_issue", "registration_problems"})


@dataclass(frozen=True)
class WeakLabels:
    """Chance of a complaint, sentiment 0 … 4 and severity 0 … 3."""

    complaint: float
    sentiment: int
    severity: int


def label_weakly(text: str, intent: str | None) -> WeakLabels:
    """Label a lower-cased text by the rules; the intent, where known, tells problems from enquiries."""
    swears = bool(_SWEARING.search(text))
    sentiment = _label_sentiment(text, swears)
    severity = _label_severity(text, intent)
    if swears and severity < 2:
        severity += 1
    complains = swears or sentiment < 2 or intent in _PROBLEM_INTENTS or severity >= 2
    return WeakLabels(1.0 if complains else 0.0, sentiment, severity)


def _label_sentiment(text: str, swears: bool) -> int:
    if swears or _FURIOUS.search(text):
        return 0
    if _UNHAPPY.search(text):
        return 1
    if _HAPPY.search(text):
        return 4
    return 3 if _PLEASED.search(text) else 2


def _label_severity(text: str, intent: str | None) -> int:
    if _CRITICAL.search(text):
        return 3
    if _HIGH.search(text):
        return 2
    return 1 if _MEDIUM.search(text) or intent in _PROBLEM_INTENTS else 0
