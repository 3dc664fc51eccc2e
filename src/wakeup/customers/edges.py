"""RFM scores of customers that are too many to hold: the edges among all, from a few passes over two columns."""

from wakeup.customers.attributes import SCORED, Edges, edge_ranks, edges_among
from wakeup.customers.population import Population
from wakeup.customers.ranks import smallest
from wakeup.customers.shards import Shards


def edges(people: Population | Shards, name: str) -> Edges:
    """Return the edges of a score (`attributes.SCORED`) among all customers, for `attributes.scored`.

    Of customers on disk two columns are read, some three times over, and one file of them is held at a time.

    Raises:
        KeyError: there is no such score.
        WakeupError: the files are damaged.
    """
    column = SCORED[name]
    if isinstance(people, Population):
        return edges_among(getattr(people, column)[people.orders > 0])
    names = tuple(dict.fromkeys((column, "orders")))
    return smallest(lambda: (each[column][each["orders"] > 0] for each in people.core(names)), edge_ranks)
