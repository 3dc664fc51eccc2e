"""The plan versions of a campaign in a store, read once each."""

from wakeup.live.core.world import Terms, terms
from wakeup.live.store.protocol import Store
from wakeup.plan.json import plan_from_json


class Versions:
    """Terms by version; a version that was taken up meanwhile is found when it is asked for."""

    def __init__(self, store: Store, campaign: str) -> None:
        self._store = store
        self._campaign = campaign
        self._known: dict[str, Terms] = {}

    def terms(self, version: str) -> Terms:
        """Return the terms of a version.

        Raises:
            KeyError: the campaign never had it.
        """
        if version not in self._known:
            with self._store.read() as read:
                plans = [plan_from_json(each.plan.encode()) for each in read.versions(self._campaign)]
            found = [terms(plan, plans[-1]) for plan in plans]
            self._known = {each.version: each for each in found}
        return self._known[version]
