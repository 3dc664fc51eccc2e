"""Everything that `make bench` prints."""

from benchmarks import engines, reading

engines.main()
reading.main()
