"""A made-up company's deals: what happened, whoever writes it down."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

TODAY = date(2026, 11, 22)
REGIONS = ["North", "South", "East", "West"]
PRODUCTS = ["Sage 50", "Sage 100", "Sage HR", "Sage Intacct"]
OWNERS = ["Ana Lopez", "Jürgen Weiß", "Zoë O'Neil", "Sam Okafor"]
SEGMENTS = ["Enterprise", "Mid-Market", "SMB"]
# With what breaks careless readers: separators, quotes, line ends, letters beyond ASCII.
CUSTOMERS = [
    "Acme, Inc.",
    'The "Best" Bakery',
    "Müller & Söhne GmbH",
    "Café Zürich",
    "Smith; Sons",
    "Line\nBreak Ltd",
    "O'Reilly",
    "ØRSTED",
    "Plain Company",
]


@dataclass(frozen=True)
class Deal:
    number: int
    name: str
    customer: str
    product: str
    region: str
    owner: str
    segment: str
    amount: Decimal | None
    """None: nobody has said yet."""
    step: int
    """How far it came: 0 to 3."""
    outcome: str
    """open, won, lost"""
    created: date
    closes: date


def make_company(seed: int, count: int = 120) -> list[Deal]:
    """Deals in random order; days beyond the twelfth occur among them, as in every real export."""
    chance = random.Random(seed)
    deals = []
    for number in range(1, count + 1):
        created = TODAY - timedelta(days=chance.randrange(30, 500))
        outcome = chance.choice(["open", "open", "won", "lost"])
        closes = created + timedelta(days=chance.randrange(5, 400))
        if outcome != "open":
            closes = min(closes, TODAY)
        customer = chance.choice(CUSTOMERS)
        product = chance.choice(PRODUCTS)
        deals.append(
            Deal(
                number=number,
                name=f"{customer.splitlines()[0]} – {product}",
                customer=customer,
                product=product,
                region=chance.choice(REGIONS),
                owner=chance.choice(OWNERS),
                segment=chance.choice(SEGMENTS),
                amount=None if chance.random() < 0.05 else _amount(chance),
                step=chance.randrange(4),
                outcome=outcome,
                created=created,
                closes=closes,
            )
        )
    chance.shuffle(deals)
    return deals


def _amount(chance: random.Random) -> Decimal:
    cents = chance.choice(
        [chance.randrange(100, 100_000), chance.randrange(100_000, 500_000_000), chance.randrange(1, 999) * 100_000]
    )
    return Decimal(cents) / 100
