"""Tables as people have them, with one thing in each that a careless reader gets wrong, and a clean twin of each."""

from messy import cells, dates, dropped, event, leaks, rows, tables_kept, texts, within
from messy.case import Case

CASES: list[Case] = [
    *tables_kept.CASES, *dropped.CASES, *cells.CASES, *within.CASES, *dates.CASES, *event.CASES, *rows.CASES,
    *leaks.CASES, *texts.CASES,
]  # fmt: skip
