"""Everything that `make bench` prints."""

from benchmarks import engines, reading, workload_w

SMALL = 10_000
"""Customers of workload W here; `python -m benchmarks.workload_w` plays more."""

if __name__ == "__main__":
    engines.main()
    reading.main()
    workload_w.main(SMALL)
