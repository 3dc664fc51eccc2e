"""Customers in columns: import of order logs and tables, synthesis, profile, attributes.

Nothing here loads DuckDB or a spreadsheet reader before a file is read or written.
"""

from wakeup.customers.attributes import attribute, attribute_names, event_instants
from wakeup.customers.columns import parse_mapping
from wakeup.customers.data_id import data_id
from wakeup.customers.declared import with_declared
from wakeup.customers.history import Reading, from_history, open_folder, reading, report_of
from wakeup.customers.imported import History, ImportReport, LateReturns, Problem, Snapshots
from wakeup.customers.population import BLANK, NEVER, NO, YES, Field, Population, Touches
from wakeup.customers.profile import Profile, profile
from wakeup.customers.shape import Shape, like, shape_of
from wakeup.customers.sharding import check_folder, save_shards, shard_count
from wakeup.customers.shards import Shards
from wakeup.customers.slices import pieces, sliced
from wakeup.customers.storage import save
from wakeup.customers.synthetic import UNANCHORED, anchored, synthetic
from wakeup.customers.synthetic_parts import synthetic_parts
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
    "LateReturns",
    "Population",
    "Problem",
    "Profile",
    "Reading",
    "Shape",
    "Shards",
    "Snapshots",
    "Touches",
    "anchored",
    "attribute",
    "attribute_names",
    "check_folder",
    "data_id",
    "event_instants",
    "from_history",
    "instant_from",
    "like",
    "open_folder",
    "parse_mapping",
    "pieces",
    "profile",
    "reading",
    "report_of",
    "save",
    "save_shards",
    "shape_of",
    "shard_count",
    "sliced",
    "synthetic",
    "synthetic_parts",
    "with_declared",
]
