"""The labels of the heads, and which intents belong to which category.

The two Bitext releases name some labels differently ("INVOICES" and "INVOICE", "check_invoices" and
"check_invoice", "SHIPPING" and "SHIPPING_ADDRESS"); the names of the newer release are used for both.
"""

from __future__ import annotations

from dataclasses import dataclass, field

INTENTS_OF_CATEGORY: dict[str, tuple[str, ...]] = {
    "account": (
        "create_account",
        "delete_account",
        "edit_account",
        "recover_password",
        "registration_problems",
        "switch_account",
    ),
    "cancellation_fee": ("check_cancellation_fee",),
    "contact": ("contact_customer_service", "contact_human_agent"),
    "delivery": ("delivery_options", "delivery_period"),
    "feedback": ("complaint", "review"),
    "invoice": ("check_invoice", "get_invoice"),
    "newsletter": ("newsletter_subscription",),
    "order": ("cancel_order", "change_order", "place_order", "track_order"),
    "payment": ("check_payment_methods", "payment_issue"),
    "refund": ("check_refund_policy", "get_refund", "track_refund"),
    "shipping_address": ("change_shipping_address", "set_up_shipping_address"),
}

CATEGORIES = tuple(INTENTS_OF_CATEGORY)
INTENTS = tuple(sorted(intent for intents in INTENTS_OF_CATEGORY.values() for intent in intents))
CATEGORY_OF_INTENT = {
    intent: category for category, intents in INTENTS_OF_CATEGORY.items() for intent in intents
}


@dataclass(frozen=True)
class Taxonomy:
    """Intents and the category of each; the categories are those that occur, sorted by name."""

    intents: tuple[str, ...] = INTENTS
    category_of_intent: dict[str, str] = field(default_factory=lambda: CATEGORY_OF_INTENT)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories in the order of the network's outputs."""
        return tuple(sorted({self.category_of_intent[intent] for intent in self.intents}))

    def to_json(self) -> dict[str, object]:
        """The entry of a run's record."""
        return {"intents": list(self.intents), "categoryOfIntent": self.category_of_intent}


SENTIMENTS = ("very_negative", "negative", "neutral", "positive", "very_positive")
SEVERITIES = ("low", "medium", "high", "critical")

_NEW_NAMES = {
    "check_invoices": "check_invoice",
    "invoices": "invoice",
    "refunds": "refund",
    "shipping": "shipping_address",
}


def normalise_label(name: str) -> str:
    """Lower-case name of a label of either release, in the newer release's words."""
    return _NEW_NAMES.get(name.lower(), name.lower())
