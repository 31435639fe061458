"""Changes that leave a text's labels as they are: typos, other words, other frames, slots, case of writing.

Sources: Wei & Zou 2019 (EDA: swaps and deletions); Karpukhin et al. 2019 (synthetic typos); the keyboard is
QWERTY. All draws come from the generator given, so that a seed fixes them.
"""

from __future__ import annotations

import random
import re

from supplygraph_training.triage.frames import WANTS, surround, swear

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    letter: "".join(
        other[k]
        for other in _ROWS[max(0, row - 1) : row + 2]
        for k in range(max(0, place - 1), min(len(other), place + 2))
        if other[k] != letter
    )
    for row, letters in enumerate(_ROWS)
    for place, letter in enumerate(letters)
}

_SYNONYMS: tuple[tuple[str, ...], ...] = (
    ("order", "purchase"),
    ("invoice", "bill", "invoice", "receipt"),
    ("invoices", "bills"),
    ("refund", "reimbursement", "money back", "rebate"),
    ("account", "user account", "profile", "online account", "customer account"),
    ("password", "passcode", "login password", "access code"),
    ("customer service", "customer support", "client service", "customer care", "the support team"),
    ("agent", "assistant", "operator", "representative"),
    ("human", "real person", "live person"),
    ("delivery", "shipping", "shipment"),
    ("shipping address", "delivery address"),
    ("fee", "charge", "penalty", "cost"),
    ("fees", "charges", "penalties", "costs"),
    ("problem", "issue", "error", "trouble"),
    ("problems", "issues", "errors", "difficulties"),
    ("item", "product", "article", "thing"),
    ("package", "parcel", "shipment"),
    ("ticket", "order", "item", "product"),
    ("tickets", "items", "products"),
    ("complaint", "claim", "grievance"),
    ("review", "opinion", "feedback", "comment"),
    ("check", "see", "view", "look at", "verify"),
    ("change", "modify", "edit", "update", "correct"),
    ("delete", "remove", "close", "terminate"),
    ("recover", "reset", "retrieve", "restore"),
    ("create", "open", "set up", "make"),
    ("submit", "file", "lodge", "send"),
    ("talk to", "speak to", "speak with", "chat with"),
    ("payment methods", "payment options", "ways to pay"),
    ("concert", "order", "delivery", "event"),
    ("u", "you"),
    ("wanna", "want to"),
    ("i'd", "i would", "id"),
    ("i'm", "i am", "im"),
    ("don't", "do not", "dont"),
    ("can't", "cannot", "cant"),
)
_CHOICES = {words[0]: words[1:] for words in _SYNONYMS}
_SYNONYM = re.compile(r"\b(" + "|".join(sorted(_CHOICES, key=len, reverse=True)) + r")\b")

_VERBS = (
    "cancel|change|modify|edit|update|check|see|view|get|obtain|receive|download|request|track|pay|make|place|file|"
    "submit|lodge|leave|write|contact|call|talk|speak|create|open|register|sign|delete|close|remove|recover|reset|"
    "retrieve|switch|use|set|subscribe|report|notify|inform|solve|know|find|buy|order|locate"
)
_FRAME = re.compile(
    r"^(?:please,? )?(?:(?:can|could|do) (?:you|u) (?:mind )?)?(?:ask(?:ing)? an agent |tell me |help me )?"
    r"(?:i (?:want|need|would like|wanna)(?: to know)? |i'd like |id like )?(?:how|where|if|what i have)? ?"
    r"(?:(?:can|could|do|should) i |i (?:can|could) |to )?"
    rf"((?:{_VERBS})\b.{{6,}})$"
)
_TAIL = re.compile(r"(?:, (?:what|how|can|could|tell|help|where)[^,]*|,? please)?[?.! ]*$")


def augment(text: str, rng: random.Random) -> str:
    """Change a lower-cased text in up to six ways; about one in six stays as it is."""
    if rng.random() < 0.15:
        return text
    if rng.random() < 0.45:
        text = reframe(text, rng)
    if rng.random() < 0.5:
        text = swap_words(text, rng)
    text = surround(text, rng, 0.2)
    if rng.random() < 0.12:
        text = drop_words(text, rng)
    if rng.random() < 0.35:
        text = add_typos(text, rng)
    if rng.random() < 0.25:
        text = text.replace("'", "").rstrip("?.!")
    return text


def make_angry(text: str, rng: random.Random) -> str:
    """Add a curse; the labels of mood and urgency change with it, the intent does not."""
    return swear(text, rng)


def reframe(text: str, rng: random.Random) -> str:
    """Ask for the same in another way, where the text begins with a frame that is known."""
    match = _FRAME.match(_TAIL.sub("", text))
    return rng.choice(WANTS).format(match.group(1)) if match else text


def swap_words(text: str, rng: random.Random) -> str:
    """Put synonyms in place of about half of the words that have any."""

    def choose(match: re.Match[str]) -> str:
        return rng.choice(_CHOICES[match.group(1)]) if rng.random() < 0.5 else match.group(1)

    return _SYNONYM.sub(choose, text)


def drop_words(text: str, rng: random.Random) -> str:
    """Leave out the first words of a sentence or single short words, as in a hurried message."""
    words = text.split(" ")
    if len(words) < 5:
        return text
    kept = [word for word in words if len(word) > 3 or rng.random() > 0.4]
    return " ".join(kept if len(kept) >= 3 else words)


def add_typos(text: str, rng: random.Random) -> str:
    """Change one letter in twenty-five, at least one: neighbours, drops, swaps, doubles, lost spaces."""
    for _ in range(1 + rng.randrange(1 + len(text) // 25)):
        place = rng.randrange(max(1, len(text) - 1))
        text = _mistype(text, place, rng)
    return text


def _mistype(text: str, place: int, rng: random.Random) -> str:
    letter = text[place : place + 1]
    if not letter.isalpha():
        return text[:place] + text[place + 1 :] if letter == " " and rng.random() < 0.3 else text
    kind = rng.randrange(4)
    if kind == 0 and letter in _NEIGHBOURS:
        return text[:place] + rng.choice(_NEIGHBOURS[letter]) + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place + 1 :]
    if kind == 2:
        return text[:place] + text[place + 1 : place + 2] + letter + text[place + 2 :]
    return text[:place] + letter + text[place:]
