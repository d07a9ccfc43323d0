"""Deals as people keep them by hand, in the dialect of their spreadsheet program."""

from __future__ import annotations

import csv
import io
import random
from datetime import date
from decimal import Decimal
from pathlib import Path

from crm_company import Deal
from crm_exports import us
from crm_oracle import Export
from crm_workbook import Cell, Workbook

STEPS = ["Lead", "Qualified", "Proposal", "Negotiation"]


def grouped(amount: Decimal | None, mark: str, group: str) -> str:
    if amount is None:
        return ""
    whole, _, cents = f"{amount:,.2f}".partition(".")
    return whole.replace(",", group) + mark + cents


def separated(header: list[str], rows: list[list[str]], delimiter: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def step(deal: Deal) -> str:
    return STEPS[deal.step]


def known(file: Path) -> Export:
    return Export(file, stage=step, region=lambda deal: deal.region, product=lambda deal: deal.product)


def german_excel(folder: Path, deals: list[Deal], _chance: random.Random) -> Export:
    """ "CSV (Trennzeichen-getrennt)": semicolons, Windows-1252, decimal commas."""
    words = {"open": "Offen", "won": "Gewonnen", "lost": "Verloren"}
    rows = [
        [str(deal.number), deal.customer, deal.product, deal.region, grouped(deal.amount, ",", ".") and
         grouped(deal.amount, ",", ".") + " €", step(deal), words[deal.outcome], f"{deal.closes:%d.%m.%Y}"]
        for deal in deals
    ]  # fmt: skip
    header = ["Nr.", "Kunde", "Produkt", "Region", "Betrag", "Phase", "Status", "Abschlussdatum"]
    file = folder / "Verkaufschancen.csv"
    file.write_bytes(separated(header, rows, ";").encode("windows-1252"))
    return known(file)


US_EXCEL = ["Deal ID", "Customer", "Product", "Region", "Amount", "Stage", "Status", "Close Date"]


def us_excel(folder: Path, deals: list[Deal], chance: random.Random) -> Export:
    """Formatted cells saved as CSV: dollars, commas between thousands, months first."""
    mark = chance.choice(["utf-8-sig", "windows-1252"])
    rows = [
        [str(deal.number), deal.customer, deal.product, deal.region,
         "" if deal.amount is None else f"${deal.amount:,.2f} ", step(deal), deal.outcome.capitalize(), us(deal.closes)]
        for deal in deals
    ]  # fmt: skip
    file = folder / "pipeline.csv"
    file.write_bytes(separated(US_EXCEL, rows, ",").encode(mark))
    return known(file)


def unicode_text(folder: Path, deals: list[Deal], chance: random.Random) -> Export:
    """ "Unicode Text": UTF-16 with tabs; a title and a blank line above the header."""
    header = ["Deal", "Customer", "Product", "Region", "Value", "Stage", "Status", "Date"]
    rows = [
        [str(deal.number), deal.customer, deal.product, deal.region, grouped(deal.amount, ".", ","), step(deal),
         deal.outcome, f"{deal.closes:%Y-%m-%d}"]
        for deal in deals
    ]  # fmt: skip
    title = chance.choice(["", "Pipeline of the sales team\r\n\r\n"])
    file = folder / "pipeline.txt"
    file.write_bytes((title + separated(header, rows, "\t")).encode("utf-16"))
    return known(file)


def french_excel(folder: Path, deals: list[Deal], _chance: random.Random) -> Export:
    """Narrow spaces between thousands, decimal commas, days first."""
    words = {"open": "Ouvert", "won": "Gagné", "lost": "Perdu"}
    header = ["N°", "Client", "Produit", "Région", "Montant", "Étape", "Statut", "Date de clôture"]
    rows = [
        [str(deal.number), deal.customer, deal.product, deal.region,
         grouped(deal.amount, ",", "\u202f") and grouped(deal.amount, ",", "\u202f") + " €", step(deal),
         words[deal.outcome], f"{deal.closes:%d/%m/%Y}"]
        for deal in deals
    ]  # fmt: skip
    file = folder / "opportunités.csv"
    file.write_bytes(separated(header, rows, ";").encode("utf-8-sig"))
    return known(file)


def workbook(folder: Path, deals: list[Deal], chance: random.Random) -> Export:
    """A workbook with notes on a second sheet; real numbers and dates, of either date system."""
    header: list[Cell] = [
        "Deal ID",
        "Customer",
        "Product",
        "Region",
        "Amount",
        "Stage",
        "Status",
        "Close Date",
        "Owner",
    ]
    rows: list[list[Cell]] = [header]
    for deal in deals:
        closes: date = deal.closes
        rows.append(
            [deal.number, deal.customer, deal.product, deal.region, deal.amount, step(deal),
             deal.outcome.capitalize(), closes, deal.owner]
        )  # fmt: skip
    book = Workbook(inline=chance.random() < 0.5, epoch_1904=chance.random() < 0.3)
    book.add_sheet("Deals", rows)
    book.add_sheet("Notes", [["Ask Ana about the East"]])
    return known(book.save(folder / "pipeline.xlsx"))
