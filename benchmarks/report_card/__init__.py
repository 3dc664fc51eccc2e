"""The report card: what wakeup assumes and forecasts, held against real data, written as `docs/report-card.md`."""
