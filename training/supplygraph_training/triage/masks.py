"""Rules that put placeholder words where a text names a person's data, a number or an address.

Every rule is a regular expression that Python (`re.ASCII`) and JavaScript (no flags but `g`) read the same
way: ASCII classes only, the plain space as the only white space, bounded repetition. Order matters: a card
number is looked for before a phone number, a date before both.
"""

from __future__ import annotations

import re

PLACEHOLDERS = {
    "ordernumber": ("order", "number"),
    "cardnumber": ("card", "number"),
    "phonenumber": ("phone", "number"),
    "emailaddress": ("email", "address"),
    "moneyamount": ("money", "amount"),
    "calendardate": ("calendar", "date"),
    "weblink": ("web", "link"),
}
"""Words of the vocabulary that stand for masked text, and the words whose mean their vector starts as."""

_MONTH = "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
_YEAR = "(?:,? [0-9]{4})?"
_DAY = "[0-9]{1,2}(?:st|nd|rd|th)?"
_CURRENCY = "(?:usd|eur|gbp|dollars?|euros?|pounds?|bucks|cents?|€|£|[$])"

MASKS: tuple[tuple[str, str], ...] = (
    ('(?:https?://|www[.])[^ <>"]{1,2000}', "weblink"),
    ("[a-z0-9._%+-]{1,64}@[a-z0-9.-]{1,255}[.][a-z]{2,24}", "emailaddress"),
    ("[{][{][^{}]{0,20}(?:order|invoice|tracking|number)[^{}]{0,20}[}][}]", "ordernumber"),
    ("[{][{][^{}]{0,20}(?:amount|money|currency|price)[^{}]{0,20}[}][}]", "moneyamount"),
    ("[{][{][^{}]{0,20}(?:date|time|month|day)[^{}]{0,20}[}][}]", "calendardate"),
    ("[{][{][^{}]{0,20}e-?mail[^{}]{0,20}[}][}]", "emailaddress"),
    ("[{][{][^{}]{0,20}phone[^{}]{0,20}[}][}]", "phonenumber"),
    ("[{][{][^{}]{0,20}(?:url|link|website)[^{}]{0,20}[}][}]", "weblink"),
    ("[{]{2}|[}]{2}", ""),
    ("(?<=order )[a-z]{0,5}-?[0-9]{4,20}(?![a-z0-9])", "ordernumber"),
    ("(?<=purchase )[a-z]{0,5}-?[0-9]{4,20}(?![a-z0-9])", "ordernumber"),
    ("(?<![a-z0-9])[0-9](?:[ -]?[0-9]){12,18}(?![0-9])", "cardnumber"),
    ("(?<![0-9])[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?![0-9])", "calendardate"),
    ("(?<![0-9])[0-9]{1,2}([/.-])[0-9]{1,2}\\1(?:[0-9]{4}|[0-9]{2})(?![0-9])", "calendardate"),
    (f"(?<![a-z0-9]){_DAY} (?:of )?{_MONTH}{_YEAR}(?![a-z0-9])", "calendardate"),
    (f"(?<![a-z0-9]){_MONTH}[.]? {_DAY}{_YEAR}(?![a-z0-9])", "calendardate"),
    ("[$€£¥₹] ?[0-9][0-9.,]{0,20}", "moneyamount"),
    (f"(?<![a-z0-9])[0-9]{{1,12}}(?:[.,][0-9]{{1,9}}){{0,4}} ?{_CURRENCY}(?![a-z])", "moneyamount"),
    ("[+][0-9]{1,3}(?:[ .-]?[0-9]){7,12}(?![0-9])", "phonenumber"),
    ("(?<![a-z0-9])[(]?[0-9]{3,4}[)]?[ .-][0-9]{3}[ .-]?[0-9]{3,4}(?![0-9])", "phonenumber"),
    ("#[ ]?[a-z-]{0,6}[0-9][a-z0-9-]{0,20}", "ordernumber"),
    ("(?<![a-z0-9])[a-z]{0,5}-?[0-9]{5,20}(?![a-z0-9])", "ordernumber"),
    ("(?<![a-z0-9])[a-z]{2,5}-[0-9]{3,20}(?![a-z0-9])", "ordernumber"),
)
"""Pattern and placeholder ("" for none), in the order in which they are applied to lower-cased text."""

_COMPILED = tuple((re.compile(pattern, re.ASCII), f" {word} ") for pattern, word in MASKS)


def mask(text: str) -> str:
    """Put placeholder words, with a space on either side, in place of all that a rule matches."""
    for pattern, word in _COMPILED:
        text = pattern.sub(word, text)
    return text
