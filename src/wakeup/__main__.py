"""`python -m wakeup`: the command line, where no script was installed."""

from wakeup.cli import main

main()
