"""A service in a process of its own, until somebody kills it: `python -m tests.service.listening ADDRESS KEY PORT`."""

import sys

from tests.service.conftest import KEYS

from wakeup.live.store import open_store
from wakeup.service.serving import serve
from wakeup.service.settings import Settings

if __name__ == "__main__":
    address, key, port = sys.argv[1:]
    serve(open_store(address, key or None), {}, Settings(keys=KEYS), port=int(port))
