"""`wakeup explain`: the page of a code."""

from wakeup.cli import exits
from wakeup.cli.messages import language
from wakeup.diagnostics import Language, WakeupError, diagnostic, registry, suggest


def run(code: str, lang: Language | None) -> int:
    """Print the page of `code`.

    Raises:
        WakeupError: WK5020, there is no such code.
    """
    entry = registry().get(code.upper())
    if entry is None:
        near = ", ".join(suggest(code.upper(), registry()))
        raise WakeupError([diagnostic("WK5020", name=code, help=f"did you mean {near}?" if near else None)])
    spoken = lang or language()
    print(f"{entry.code}: {entry.title} ({entry.severity.value})\n")
    print(entry.zh if spoken == "zh" else entry.en)
    print(f"\n{entry.why}")
    for word, example in (("wrong", entry.wrong), ("right", entry.right)):
        if example:
            print(f"\n{word}:\n" + "\n".join(f"    {line}" for line in example.strip().splitlines()))
    return exits.FINE
