"""How a writer's text is read: values, variants, conditions and links become nodes.

Nodes are what `narration` renders; this is used where stories are built, not in play.
"""

from __future__ import annotations

import re
from typing import Any

from redmexico.errors import BadExpression, BadText
from redmexico.expression import Tree
from redmexico.grammar import MAX_DEPTH, Names
from redmexico.grammar import parse as parse_expression
from redmexico.narration import Nodes
from redmexico.suggest import did_you_mean, nearest

_NAME = re.compile(r"\{([A-Za-z][A-Za-z0-9_.]*)(\|words)?\}")
_LINK = re.compile(r"\[\[([A-Za-z][A-Za-z0-9_]*)(?:\|([^\[\]{}|]+))?\]\]")
_SEQUENCE = re.compile(r"\{(cycle|once|shuffle):\s*")
_BRANCH = re.compile(r"\s*(elif\b|else\b)")
_FIRST = re.compile(r"\{\s*([A-Za-z]+)(:|\s)")
_SECOND = re.compile(r"\s*([A-Za-z]+)")
_PAIR = re.compile(r"\{([a-z][a-z0-9_.]*)\|([A-Za-z]+)\}")
_KINDS = ("cycle", "once", "shuffle")
_MARK = re.compile(r"[\n{}|*\[]")
_PARAGRAPH = re.compile(r"\n[ \n]*\n\s*")


class _Reader:
    """One text, read once from left to right."""

    def __init__(self, text: str, names: Names, address: str) -> None:
        self.text = text
        self.names = names
        self.address = address
        self.at = 0
        self.depth = 0
        self.sequences = 0
        self.alone: dict[int, int] = {}
        """depth of braces → up to where no emphasis that begins there is closed: looked for once, not from every asterisk"""
        self.stop = -1
        """where the emphasis being read ends"""
        self.links: list[tuple[str, int]] = []

    def fail(self, message: str, at: int, length: int = 1, hint: str = "", code: str = "RM501") -> BadText:
        return BadText(message, at, length, hint, code)

    def whole(self) -> Nodes:
        nodes = self.nodes(top=True)
        if self.at < len(self.text):
            raise self.fail("'}' without its '{'", self.at, hint="write '}}' for a brace")
        return nodes

    def nodes(self, top: bool = False) -> Nodes:
        """Up to the end, or to the `|` or `}` that closes the present branch."""
        out: Nodes = []
        text = self.text
        while self.at < len(text) and self.at != self.stop:
            char = text[self.at]
            if char == "\n":
                self.newline(out)
            elif char == "{":
                self.brace(out)
            elif char == "}":
                if text.startswith("}}", self.at) and (top or not self.closes()):
                    self.add(out, "}", 2)
                else:
                    return out
            elif char == "|" and not top:
                return out
            elif char == "*" and not self.in_word() and (close := self.emphasis_end()):
                self.emphasis(out, close, top)
            elif char == "[" and (match := _LINK.match(text, self.at)):
                self.link(out, match)
            else:
                self.plain(out)
        return out

    def closes(self) -> bool:
        """Whether `}}` here ends two branches rather than writing one brace."""
        return self.depth > 1

    def in_word(self) -> bool:
        return self.at > 0 and self.text[self.at - 1].isalnum()

    def emphasis_end(self) -> int:
        """Where the emphasis that begins here is closed, in the same paragraph and branch; 0 if it is not one."""
        text, at, depth, odd = self.text, self.at + 1, 0, False
        if text[at : at + 1] in ("", " ", "\n", "*") or at <= self.alone.get(self.depth, 0):
            return 0
        while at < len(text) and at != self.stop and not text.startswith("\n\n", at):
            char = text[at]
            if char == "{":
                depth += 1
            elif char == "}" or (char == "|" and not depth):
                depth -= 1
            elif char == "*" and not depth and not text[at - 1].isspace():
                return at
            if depth < 0:
                break
            at += 1
            if text.startswith("[[", at):  # a link's own bar is no branch
                end = text.find("]]", at) + 1
                odd = odd or (end > 0 and not _LINK.match(text, at))
                at = max(at, end)
        if not odd and "{{" not in text and "}}" not in text:
            self.alone[self.depth] = at
        return 0

    def emphasis(self, out: Nodes, close: int, top: bool) -> None:
        outer, self.stop = self.stop, close
        self.at += 1
        out.append(["em", self.nodes(top)])
        self.stop = outer
        self.at = close + 1

    def plain(self, out: Nodes) -> None:
        found = _MARK.search(self.text, self.at + 1)
        end = found.start() if found else len(self.text)
        self.add(out, self.text[self.at : end], end - self.at)

    def add(self, out: Nodes, text: str, length: int) -> None:
        if out and isinstance(out[-1], str):
            out[-1] += text
        else:
            out.append(text)
        self.at += length

    def newline(self, out: Nodes) -> None:
        match = _PARAGRAPH.match(self.text, self.at)
        if match:
            self.at = match.end()
            out.append(["para"])
            if self.text.startswith("> ", self.at):
                self.at += 2
            return
        if self.text.startswith("\n> ", self.at):
            self.add(out, "\n", 3)
        else:
            self.add(out, " ", 1)
            while self.text[self.at : self.at + 1] == " ":  # a continued line may stand further in
                self.at += 1

    def link(self, out: Nodes, match: re.Match[str]) -> None:
        self.links.append((match.group(1), self.at + 2))
        shown = " ".join((match.group(2) or "").split())  # a line may end between its words
        out.append(["link", match.group(1), shown.strip("*")])
        self.at = match.end()

    def brace(self, out: Nodes) -> None:
        if self.text.startswith("{{", self.at):
            self.add(out, "{", 2)
            return
        match = _NAME.match(self.text, self.at)
        if match and self.value(out, match):
            return
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"braces nested deeper than {MAX_DEPTH}", self.at, code="RM150")
        start = self.at
        if re.compile(r"\{if\s").match(self.text, self.at):
            out.append(self.conditional(start))
        else:
            out.append(self.sequence(start))
        self.depth -= 1

    def value(self, out: Nodes, match: re.Match[str]) -> bool:
        name = self.names.local.get(match.group(1), match.group(1))
        if name not in self.names.qualities:
            if match.group(2):
                raise self.fail(
                    f"no quality named '{name}'",
                    self.at + 1,
                    len(name),
                    did_you_mean(name, self.names.every()),
                    "RM201",
                )
            return False
        out.append(["words" if match.group(2) else "value", name])
        self.at = match.end()
        return True

    def conditional(self, start: int) -> Nodes:
        self.at += len("{if")
        branches: list[list[Any]] = []
        condition: Tree | None = self.condition()
        while True:
            branches.append([condition, _trimmed(self.nodes())])
            if self.at >= len(self.text):
                raise self.fail("'{if' without its '}'", start, 3)
            if self.text[self.at] == "}":
                self.at += 1
                return ["if", branches]
            match = _BRANCH.match(self.text, self.at + 1)
            if match is None:
                word = _SECOND.match(self.text, self.at + 1)
                hint = did_you_mean(word.group(1), ("elif", "else")) if word else ""
                at = word.start(1) if word and hint else self.at
                raise self.fail("after '|' inside '{if' comes 'elif …:' or 'else:'", at, hint=hint)
            if condition is None:
                raise self.fail("nothing comes after 'else:'", self.at)
            self.at = match.end()
            if match.group(1) == "elif":
                condition = self.condition()
            else:
                condition = None
                self.colon()

    def colon(self) -> None:
        while self.text[self.at : self.at + 1] in (" ", "\n"):
            self.at += 1
        if self.text[self.at : self.at + 1] != ":":
            raise self.fail("':' expected after 'else'", self.at)
        self.at += 1

    def condition(self) -> Tree:
        found = re.compile(r"[:{}|]").search(self.text, self.at)
        end = found.start() if found else -1
        if end < 0 or self.text[end] != ":":
            at = self.at
            while self.text[at : at + 1] == "\n" and at + 1 < len(self.text):  # `{if` may end a line
                at += 1
            raise self.fail("':' expected after the condition", at)
        written = self.text[self.at : end]
        lead = len(written) - len(written.lstrip())
        try:
            asked = written.strip().replace("\n", " ")
            tree = parse_expression(asked, self.names, address=f"{self.address}?{self.sequences}", chance=True)
        except BadExpression as error:
            hint = error.hint or "the condition ends with ':'"
            raise BadText(error.message, self.at + lead + error.column, error.length, hint, error.code) from None
        self.at = end + 1
        return tree

    def sequence(self, start: int) -> Nodes:
        match = _SEQUENCE.match(self.text, start)
        self.at = match.end() if match else start + 1
        kind = match.group(1) if match else "steps"
        if match is None:
            self.misspelt(start)
        options: list[Nodes] = []
        while True:
            word = _BRANCH.match(self.text, self.at) if options else None
            if word and (word.group(1) == "elif" or self.text[word.end() :].lstrip()[:1] == ":"):
                raise self.fail(f"'{word.group(1)}' without its '{{if'", start, 3, self.meant(start))
            options.append(self.nodes())
            if self.at >= len(self.text):
                raise self.fail("'{' without its '}'", start, hint="write '{{' for a brace")
            self.at += 1
            if self.text[self.at - 1] == "}":
                break
        if len(options) == 1 and kind != "once":
            shown = self.text[start + 1 : self.at - 1]
            hint = did_you_mean(shown.strip(), self.names.every()) or self.meant(start) or "write '{{' for a brace"
            raise self.fail(f"no quality named '{shown.strip()[:40]}'", start + 1, max(1, len(shown)), hint, "RM201")
        self.sequences += 1
        return ["seq", kind, options, f"{self.address}#{self.sequences}"]


    def meant(self, start: int) -> str:
        """A hint at what the first word of a brace was to be, or ""."""
        word = _FIRST.match(self.text, start)
        return did_you_mean(word.group(1), ("if",) if word.group(2) != ":" else _KINDS) if word else ""

    def misspelt(self, start: int) -> None:
        """Refuse `{cylce: a|b}`, `{IF x: a|b}` and `{bread|wrods}`: they would be shown as variants."""
        word = _FIRST.match(self.text, start)
        if word and word.group(2) == ":" and nearest(word.group(1), _KINDS):
            said = f"'{word.group(1)}:' is no kind of variants"
            raise self.fail(said, word.start(1), len(word.group(1)), self.meant(start))
        pair = _PAIR.match(self.text, start)
        if pair and pair.group(1) in {*self.names.qualities, *self.names.local} and nearest(pair.group(2), ("words",)):
            said = f"'{pair.group(2)}' is nothing that a quality can be shown by"
            raise self.fail(said, pair.start(2), len(pair.group(2)), "did you mean 'words'?")


def _trimmed(nodes: Nodes) -> Nodes:
    if nodes and isinstance(nodes[0], str):
        nodes[0] = nodes[0].lstrip(" ")
    if nodes and isinstance(nodes[-1], str):
        nodes[-1] = nodes[-1].rstrip(" ")
    return nodes


def parse(text: str, names: Names, address: str = "") -> tuple[Nodes, list[tuple[str, int]]]:
    """Read a text; give its nodes and the codex links in it with their offsets.

    Raises BadText with the offset of the fault.

    >>> parse("It {cycle: rains|shines}. *Ni modo.*", Names(), "a")[0]
    ['It ', ['seq', 'cycle', [['rains'], ['shines']], 'a#1'], '. ', ['em', ['Ni modo.']]]
    """
    start = len(text) - len(text.lstrip())
    reader = _Reader(text.rstrip(), names, address)
    reader.at = start + 2 if text.startswith("> ", start) else start
    return reader.whole(), reader.links
