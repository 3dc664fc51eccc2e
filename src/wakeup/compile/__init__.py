"""From a checked campaign to the plan."""

from wakeup.compile.pipeline import compile_project

__all__ = ["compile_project"]
