"""What several campaigns over the same people come to: on a terminal, and as an HTML page."""

from wakeup.report.together.page import html
from wakeup.report.together.terminal import show

__all__ = ["html", "show"]
