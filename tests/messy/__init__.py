"""Tables as people have them, with one thing in each that a careless reader gets wrong, and a clean twin of each."""

from messy import cells, dates, dropped, event, leaks, rows
from messy.case import Case

CASES: list[Case] = [*dropped.CASES, *cells.CASES, *dates.CASES, *event.CASES, *rows.CASES, *leaks.CASES]
