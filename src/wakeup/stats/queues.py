"""Closed forms of queues: what a desk of staff is tested against."""


def erlang_c(servers: int, load: float) -> float:
    """Return the probability that a caller waits in M/M/c: `load` = arrivals per mean service time, below `servers`.

    By Erlang's B recursion (Erlang 1917): B(0) = 1, B(c) = a B(c-1) / (c + a B(c-1)), C = c B / (c - a (1 - B)).

    Raises:
        ValueError: the load is not below the number of servers; the queue has no steady state.
    """
    if not 0.0 <= load < servers:
        raise ValueError(f"a load of {load} needs more than {servers} servers")
    blocked = 1.0
    for count in range(1, servers + 1):
        blocked = load * blocked / (count + load * blocked)
    return servers * blocked / (servers - load * (1.0 - blocked))


def erlang_c_wait(servers: int, load: float, service: float) -> float:
    """Return the mean wait of all callers in M/M/c, in the unit of the mean `service` time."""
    return erlang_c(servers, load) * service / (servers - load)
