"""What changed between two plans, by declared name, and what kind of change each is."""

from wakeup.plan.diff.model import Change, Kind
from wakeup.plan.diff.plans import diff
from wakeup.plan.diff.render import changes_text, changes_tree

__all__ = ["Change", "Kind", "changes_text", "changes_tree", "diff"]
