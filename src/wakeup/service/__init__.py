"""The service: providers, shops and people tell a live run what happened; it listens, checks and keeps."""

from importlib.util import find_spec

from wakeup.diagnostics import WakeupError, diagnostic

for package in ("starlette", "uvicorn", "prometheus_client"):
    if find_spec(package) is None:
        raise WakeupError([diagnostic("WK7033", package=package, extra="live")])
