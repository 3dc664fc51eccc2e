"""Results for people: an HTML page, tables on a terminal, a portrait of the customers.

`report.html` makes the page; `report.terminal.show`, `report.profile.show_profile` and `report.profile.show_import`
print.
"""

from wakeup.report.page import html

__all__ = ["html"]
