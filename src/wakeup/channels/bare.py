"""What an adapter does about things that its provider does not have."""

from collections.abc import Sequence

from wakeup.channels.protocol import Accepted, Answer, Found, Received, Request


class Bare:
    """Answers of an adapter that cannot look up, fetches nothing, takes no calls and holds nothing. Adapters begin here
    and override what they can do."""

    def look_up(self, requests: Sequence[Request]) -> Sequence[Found]:
        """Nothing can be asked here."""
        return [Found(request.ref, None) for request in requests]

    def poll(self, since: int) -> Sequence[Answer]:
        """Nothing is fetched here."""
        return ()

    def receive(self, received: Received) -> Accepted:
        """No calls are taken here.

        Raises:
            PermissionError: always.
        """
        raise PermissionError("this channel takes no calls")

    def close(self) -> None:
        """Nothing to give back."""
