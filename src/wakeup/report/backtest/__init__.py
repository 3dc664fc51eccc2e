"""A backtest for people: tables and sentences on a terminal, one page for the browser."""

from wakeup.report.backtest.page import html
from wakeup.report.backtest.terminal import show

__all__ = ["html", "show"]
