"""Everything that `make bench` prints."""

from benchmarks import engines

engines.main()
