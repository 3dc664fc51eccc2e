"""The audience of a plan as one SQL query, for a warehouse that holds the customers.

The rows that the query returns are those that the array predicate takes: SQL's own three-valued logic is the plan's.
"""

from importlib import import_module

from wakeup.diagnostics import WakeupError, diagnostic
from wakeup.plan.model import Plan
from wakeup.sql.dialects import Dialect

__all__ = ["Dialect", "audience_sql"]


def audience_sql(plan: Plan, dialect: Dialect, *, as_of: int | None = None, journey: str | None = None) -> str:
    """Return one query over table `customers`: who is in the audience, their tier bands, their journey.

    as_of: the instant (seconds UTC) at which customers are judged; None: the run's start. journey: only its people.
    The columns that the table must have are those of docs/audience-sql.md.

    Raises:
        WakeupError: WK5301..WK5304, the plan asks for what a query cannot say; WK5305, there is no such journey;
            WK5306, sqlglot is not installed.
    """
    try:
        import_module("sqlglot")
    except ImportError:
        raise WakeupError([diagnostic("WK5306", package="sqlglot")]) from None
    from wakeup.sql.query import written

    return written(plan, dialect, plan.start if as_of is None else as_of, journey)
