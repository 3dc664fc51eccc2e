"""Customers in columns: import of order logs and tables, synthesis, profile, attributes.

Nothing here loads DuckDB or a spreadsheet reader before a file is read or written.
"""

from wakeup.customers.attributes import attribute, attribute_names, event_instants
from wakeup.customers.columns import parse_mapping
from wakeup.customers.declared import with_declared
from wakeup.customers.history import from_history
from wakeup.customers.identity import data_id
from wakeup.customers.imported import History, ImportReport, Problem, Snapshots
from wakeup.customers.population import BLANK, NEVER, NO, YES, Field, Population, Touches
from wakeup.customers.profile import Profile, profile
from wakeup.customers.storage import save
from wakeup.customers.synthetic import UNANCHORED, anchored, synthetic
from wakeup.customers.zones import instant_from

__all__ = [
    "BLANK",
    "NEVER",
    "NO",
    "UNANCHORED",
    "YES",
    "Field",
    "History",
    "ImportReport",
    "Population",
    "Problem",
    "Profile",
    "Snapshots",
    "Touches",
    "anchored",
    "attribute",
    "attribute_names",
    "data_id",
    "event_instants",
    "from_history",
    "instant_from",
    "parse_mapping",
    "profile",
    "save",
    "synthetic",
    "with_declared",
]
