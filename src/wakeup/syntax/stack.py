"""The two stacks of an LALR parser, and the raw tree that grows on them."""

from __future__ import annotations

from typing import TypeAlias, cast

from attrs import define, field

from wakeup.syntax.tables import END, Rule, Tables


class Token(str):
    """A piece of the text that a terminal matched; ``start`` and ``end`` are its offsets."""

    __slots__ = ("end", "start", "type")

    type: str
    start: int
    end: int

    def __new__(cls, type: str, text: str, start: int, end: int) -> Token:
        """Make the token of a terminal (``type``) at a place."""
        self = super().__new__(cls, text)
        self.type = type
        self.start = start
        self.end = end
        return self


@define(eq=False)
class Tree:
    """What a rule made of its symbols; ``data`` is the rule's name."""

    data: str
    children: list[Token | Tree]


Part: TypeAlias = Token | Tree
Value: TypeAlias = Part | list[Part]
"""What stands on the stack: a token, a tree, or the parts that a hidden rule hands to its parent."""


@define
class Stack:
    """States, and the value that led to each but the first."""

    tables: Tables
    states: list[int] = field(factory=lambda: [0])
    values: list[Value] = field(factory=list)

    def feed(self, token: Token) -> bool:
        """Reduce what the token ends, and shift it; False if it cannot stand here."""
        states, terminal = self.states, token.type
        actions, rules, gotos = self.tables.actions, self.tables.rules, self.tables.gotos
        while True:
            action = actions[states[-1]].get(terminal)
            if action is None:
                return False
            if action >= 0:
                states.append(action)
                self.values.append(token)
                return True
            rule = rules[~action]
            if rule.passes:
                states[-1] = gotos[states[-2]][rule.name]
            else:
                self._reduce(rule)

    def _reduce(self, rule: Rule) -> None:
        states, values, size = self.states, self.values, rule.size
        taken: list[Value] = []
        if size:
            taken = values[-size:]
            del values[-size:], states[-size:]
        parts = _parts(taken) if rule.takes_in else cast("list[Part]", taken)
        states.append(self.tables.gotos[states[-1]][rule.name])
        if rule.single and len(parts) == 1:
            values.append(parts[0])
        else:
            values.append(parts if rule.hidden else Tree(rule.name, parts))

    def finish(self) -> Tree | None:
        """Reduce all to the tree of the whole text; None if the text cannot end here."""
        actions, end = self.tables.actions, self.tables.end
        while self.states[-1] != end:
            action = actions[self.states[-1]].get(END)
            if action is None:
                return None
            self._reduce(self.tables.rules[~action])
        (tree,) = self.values
        assert isinstance(tree, Tree)
        return tree

    def takes(self, terminal: str) -> bool:
        """Tell whether the terminal can stand here."""
        return self.would_take(len(self.states), terminal)

    def would_take(self, depth: int, terminal: str) -> bool:
        """Tell whether the terminal could stand here if the stacks were cut to so many states."""
        states = self.states[:depth]
        tables = self.tables
        while True:
            if states[-1] == tables.end:
                return terminal == END
            action = tables.actions[states[-1]].get(terminal)
            if action is None:
                return False
            if action >= 0:
                return True
            rule = tables.rules[~action]
            if rule.size:
                del states[-rule.size :]
            states.append(tables.gotos[states[-1]][rule.name])

    def cut(self, depth: int) -> None:
        """Drop what was read after the first so many states."""
        del self.states[depth:], self.values[depth - 1 :]


def _parts(values: list[Value]) -> list[Part]:
    """Take in what hidden rules hand over; a list at the head grows in place, since long lists are read so."""
    head = values[0]
    found = head if isinstance(head, list) else [head]
    for each in values[1:]:
        if isinstance(each, list):
            found += each
        else:
            found.append(each)
    return found
