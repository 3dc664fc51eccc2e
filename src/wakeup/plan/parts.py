"""What the fields and classes of a plan are called when something is wrong with one."""

from attrs import frozen

from wakeup.diagnostics import Piece, Say
from wakeup.diagnostics.words import table
from wakeup.terms.language import THINGS, Language, chinese


@frozen(str=False)
class Part(Piece):
    """A field, a class or a kind of the model, in English as the JSON has it; one without a Chinese name stays so."""

    name: str

    def told(self, lang: Language) -> str:
        """Return its name."""
        if lang == "en":
            return self.name
        return table("parts").get(self.name) or chinese(self.name, THINGS) or self.name


def owner(part: str, name: str) -> Say:
    """Return a part of the plan by its name: ``gift g``, ``赠品“g”``."""
    return Say("{kind} {name}", kind=Part(part), name=name)
