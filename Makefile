# Two commands on a machine with Python >= 3.11, pip and make: `make demo` and `make test`. No root, no other step.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: venv demo test check bench card proof docs clean
.DELETE_ON_ERROR:

venv: $(READY)

# Made again only when the pins or the project's own metadata change. pip comes with the pins, so that a Python
# without ensurepip will do.
$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wakeup needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv --without-pip $(VENV)
	$(PYTHON) -m pip --python $(BIN)/python --disable-pip-version-check install --quiet -r requirements/dev.txt
	$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation -e .
	@touch $@

# 100,000 synthetic customers; the table on the terminal, the report in out/.
demo: $(READY)
	@mkdir -p out
	$(BIN)/wakeup simulate campaigns/beauty_autumn.wake --synthetic 100000 --seed 7 --replications 5 \
	  --report out/beauty_autumn.html || test $$? -eq 2  # 2: an expectation of the campaign is not met

# Compiled first: where PYTHONDONTWRITEBYTECODE is set, each of the processes that tests start would do it again.
test: check
	$(BIN)/python -m compileall -q src
	$(BIN)/pytest -n 2 --timeout=300

check: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy --strict src
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

# One command, one table: wakeup beside programs written for one workload. With Mesa: $(BIN)/pip install -e '.[bench]'.
bench: $(READY)
	$(BIN)/python -m benchmarks --json out/bench.json
	$(BIN)/python -m benchmarks.learning --json out/learning.json
	$(BIN)/python -m benchmarks.deciding --json out/deciding.json
	$(BIN)/python -m benchmarks.live.sending null
	$(BIN)/python -m benchmarks.live.ingest

# docs/report-card.md: what is assumed and forecast, held against the real data (WAKEUP_DATA).
card: $(READY)
	$(BIN)/python -m benchmarks.report_card

# The long forms of the tests.
proof: $(READY)
	HYPOTHESIS_PROFILE=proof $(BIN)/pytest -m proof --timeout=0

# The pages that are written by the program, and the parser's tables.
docs: $(READY)
	$(BIN)/python docs/generate.py
	$(BIN)/python editors/generate.py

clean:
	rm -rf $(VENV) build dist out .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +
