"""A backtest on a terminal: tables that fit 80 columns, and sentences."""

from rich.console import Console

from wakeup.behaviour.backtest.rolling_origin import Backtest
from wakeup.behaviour.backtest.summary import Summary
from wakeup.report.backtest.sentences import Told
from wakeup.report.speech import Speech
from wakeup.report.terminal import plain, table
from wakeup.terms.language import Language


def show(test: Backtest, summary: Summary, name: str, console: Console, lang: Language = "en") -> None:
    """Print a backtest of the log called `name`."""
    s = Speech(lang)
    told = Told(test, summary, name, s)
    console.print(plain(told.opening()))
    title = s.say("Customers by days since the last order: {name}", name=name)
    console.print(table(title, told.bin_head(), told.bin_rows()))
    console.print(plain(told.bin_note()))
    console.print()
    for sentence in (*told.claims(), told.verdict(), *told.cautions()):
        if sentence:
            console.print(plain(sentence))
    if summary.baselines:
        console.print()
        console.print(table(s.say("Against simple forecasts"), told.score_head(), told.score_rows()))
        console.print(plain(told.score_note()))
