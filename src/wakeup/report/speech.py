"""The report in one language: its texts, its figures' labels, its numbers."""

from collections.abc import Iterable
from string import Formatter

from attrs import frozen

from wakeup.diagnostics import Language, Noun, Piece, Say, Word, tell
from wakeup.report import numbers, words
from wakeup.report.markup import Safe, join
from wakeup.report.sources import chinese_source


@frozen
class Speech:
    """What a report says, in `lang`."""

    lang: Language = "en"

    def say(self, text: str, **fields: object) -> str:
        """Return a text of ours, filled in."""
        return Say(text, **fields).told(self.lang)

    def safely(self, text: str, **pieces: str) -> Safe:
        """Return a text of ours with pieces of a page in it; what is no finished HTML is escaped."""
        template = Say(text).told(self.lang)
        parts = Formatter().parse(template)
        return join(*(piece for before, name, _, _ in parts for piece in (before, pieces[name] if name else "")))

    def told(self, text: str | Piece) -> str:
        """Return a text in the language."""
        return tell(text, self.lang)

    def run_on(self, sentences: Iterable[str]) -> str:
        """Return sentences one after the other; Chinese has no blank between them. Empty ones are left out."""
        return ("" if self.lang == "zh" else " ").join(filter(None, sentences))

    def word(self, name: str) -> str:
        """Return a word of the language of campaigns; in English without underscores."""
        return Word(name).told(self.lang).replace("_", " ")

    def label(self, figure: str) -> str:
        """Return the label of a figure; `incremental_…` and `uplift_…` say so."""
        for prefix, text in words.CHANGES.items():
            if figure.startswith(prefix):
                base = self.label(figure.removeprefix(prefix))
                return self.say(text.text, figure=base.lower() if self.lang == "en" else base)
        known = words.FIGURES.get(figure)
        return self.told(known.label) if known else self.word(figure).capitalize()

    def reason(self, name: str) -> str:
        """Return why something was not sent."""
        known = words.REASONS.get(name)
        return self.told(known) if known else name.replace("_", " ")

    def short_reason(self, name: str) -> str:
        """Return the reason in a word or two."""
        if self.lang == "en":
            return name.replace("_", " ")
        known = words.SHORT_REASONS.get(name)
        return self.told(known) if known else name

    def grade(self, name: str) -> str:
        """Return what an evidence grade means."""
        known = words.GRADES.get(name)
        return self.told(known) if known else name

    def source(self, text: str) -> str:
        """Return where an assumption comes from; what an author wrote stays as it is."""
        return chinese_source(text) if self.lang == "zh" else text

    def status(self, name: str) -> str:
        """Return what became of an expectation."""
        known = words.STATUSES.get(name)
        return self.told(known) if known else name

    def short_status(self, name: str) -> str:
        """Return what became of an expectation in a word or two."""
        return self.status(name).split(",")[0].split("，")[0]

    def scope(self, by: str) -> str:
        """Return the scope of a segment: `tier:value=high` is "value: high", `journey:high` is "journey: high"."""
        kind, _, name = by.partition(":")
        colon = "：" if self.lang == "zh" else ": "
        return name.replace("=", colon, 1) if kind == "tier" else f"{Noun(kind).told(self.lang)}{colon}{name}"

    def arm(self, split: str, arm: str) -> str:
        """Return an arm of a split: "offer_or_range: offer"."""
        return f"{split}{'：' if self.lang == 'zh' else ': '}{arm}"

    def quantity(self, value: float | None, unit: str, *, change: bool = False) -> str:
        """Return a figure with its unit."""
        return numbers.quantity(value, unit, change=change, lang=self.lang)

    def unit(self, unit: str, *, change: bool = False) -> str:
        """Return how a unit is written behind a number."""
        return numbers.word(unit, change=change, lang=self.lang)

    def interval(self, low: float | None, high: float | None, unit: str, *, change: bool = False) -> str:
        """Return `15,100 to 21,500`."""
        return numbers.interval(low, high, unit, change=change, lang=self.lang)

    def chance(self, probability: float | None) -> str:
        """Return a probability in whole percent."""
        return numbers.chance(probability, self.lang)
