"""`wakeup audience`: who is meant, as a query for the warehouse that holds the customers."""

from pathlib import Path

from wakeup.cli import exits
from wakeup.cli.campaign import campaign
from wakeup.customers.zones import instant_from
from wakeup.sql import Dialect, audience_sql


def run(file: Path, sql: str, journey: str | None, as_of: str | None) -> int:
    """Print the query.

    Raises:
        WakeupError: WK5301..WK5306, what a query cannot say; WK6024, as_of is no date; what reading a plan raises.
    """
    plan = campaign(file)
    at = None if as_of is None else instant_from(as_of, plan.zone)
    print(audience_sql(plan, Dialect(sql), as_of=at, journey=journey), end="")
    return exits.FINE
