"""Totals of deals in plain Python: what the program has to show, whatever file they came in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from crm_company import Deal

Totals = dict[str | None, tuple[int, str | None]]
"""Group → deals and amount; None is the unknown group, or an amount of which nothing is known."""


@dataclass(frozen=True)
class Export:
    """A file, and what can be known from it."""

    file: Path
    stage: Callable[[Deal], str | None]
    region: Callable[[Deal], str | None] = lambda _deal: None
    product: Callable[[Deal], str | None] = lambda _deal: None
    status: Callable[[Deal], str | None] = lambda deal: deal.outcome
    sold_on: Callable[[Deal], object] = lambda deal: deal.closes
    abroad: bool = False
    """The deals are in several currencies."""


def totals(deals: list[Deal], group: Callable[[Deal], str | None]) -> Totals:
    counts: dict[str | None, int] = {}
    amounts: dict[str | None, Decimal | None] = {}
    for deal in deals:
        name = group(deal)
        counts[name] = counts.get(name, 0) + 1
        known = amounts.get(name)
        amounts[name] = known if deal.amount is None else (known or Decimal(0)) + deal.amount
    return {name: (count, _text(amounts[name])) for name, count in counts.items()}


def all_totals(deals: list[Deal], export: Export) -> dict[str, Totals]:
    return {
        "region": totals(deals, export.region),
        "product": totals(deals, export.product),
        "stage": totals(deals, export.stage),
        "status": totals(deals, export.status),
        "month": totals(deals, lambda deal: str(export.sold_on(deal))[:7]),
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.2f}"
