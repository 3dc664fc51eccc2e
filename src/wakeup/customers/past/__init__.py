"""What a company's logs tell of its past: orders, and the touches and outcomes of earlier campaigns."""

from wakeup.customers.past.baskets import Baskets
from wakeup.customers.past.contacts import Contacts
from wakeup.customers.past.reading import Past, PastFiles
from wakeup.customers.past.stage import Stage, incentive_kinds
from wakeup.customers.past.units import Assigned, Units

__all__ = ["Assigned", "Baskets", "Contacts", "Past", "PastFiles", "Stage", "Units", "incentive_kinds"]
