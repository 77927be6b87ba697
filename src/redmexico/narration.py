"""Prose with values, variants and links, and what it comes out as.

`parse` turns a writer's text into nested lists, which caches keep; `render` turns these into
paragraphs of runs, each with a role. No author text is markup for anybody else: a face gets
plain runs and may not interpret them.

Nodes: a string · `["para"]` · `["value", name]` · `["words", name]` · `["link", id, shown]` ·
`["em", text]` · `["if", [[tree or None, nodes], …]]` · `["seq", kind, [nodes, …], stream]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from redmexico.errors import BadExpression, BadText
from redmexico.expression import MAX_DEPTH, Names, Tree, compiled
from redmexico.expression import parse as parse_expression
from redmexico.suggest import did_you_mean

Nodes = list[Any]


class Run(NamedTuple):
    """A stretch of shown text. A newline inside it is a line of verse or of a form."""

    text: str
    role: str = ""
    """"" plain, `em` emphasis, `link` to the codex"""
    target: str = ""
    """the codex entry of a link"""


Paragraph = tuple[Run, ...]


class Asked(Protocol):
    """What text asks of the world while it is rendered."""

    def words(self, s: Mapping[str, Any], name: str) -> str: ...
    def value(self, s: Mapping[str, Any], name: str) -> str: ...
    def draw(self, s: Mapping[str, Any], stream: str, k: int, n: int) -> int: ...


_NAME = re.compile(r"\{([a-z][a-z0-9_.]*)(\|words)?\}")
_EM = re.compile(r"\*(?=\S)((?:[^*{}|\n\[\]]|\n(?!\n))*?\S)\*")
_LINK = re.compile(r"\[\[([a-z][a-z0-9_]*)(?:\|([^\[\]{}|]+))?\]\]")
_SEQUENCE = re.compile(r"\{(cycle|once|shuffle):\s*")
_BRANCH = re.compile(r"\s*(elif\b|else\b)")
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
        while self.at < len(text):
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
            elif char == "*" and (match := _EM.match(text, self.at)) and not self.in_word():
                out.append(["em", " ".join(match.group(1).split())])
                self.at = match.end()
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

    def plain(self, out: Nodes) -> None:
        end = self.at + 1
        while end < len(self.text) and self.text[end] not in "\n{}|*[":
            end += 1
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

    def link(self, out: Nodes, match: re.Match[str]) -> None:
        self.links.append((match.group(1), self.at + 2))
        out.append(["link", match.group(1), match.group(2) or ""])
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
                raise self.fail("after '|' inside '{if' comes 'elif …:' or 'else:'", self.at)
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
        end = self.text.find(":", self.at)
        if end < 0:
            raise self.fail("':' expected after the condition", self.at)
        written = self.text[self.at : end]
        lead = len(written) - len(written.lstrip())
        try:
            tree = parse_expression(written.strip().replace("\n", " "), self.names, address=self.address)
        except BadExpression as error:
            raise BadText(error.message, self.at + lead + error.column, error.length, error.hint, error.code) from None
        self.at = end + 1
        return tree

    def sequence(self, start: int) -> Nodes:
        match = _SEQUENCE.match(self.text, start)
        self.at = match.end() if match else start + 1
        kind = match.group(1) if match else "steps"
        options: list[Nodes] = []
        while True:
            options.append(self.nodes())
            if self.at >= len(self.text):
                raise self.fail("'{' without its '}'", start, hint="write '{{' for a brace")
            self.at += 1
            if self.text[self.at - 1] == "}":
                break
        if len(options) == 1 and kind != "once":
            shown = self.text[start + 1 : self.at - 1]
            hint = did_you_mean(shown.strip(), self.names.every()) or "write '{{' for a brace"
            raise self.fail(f"no quality named '{shown.strip()[:40]}'", start + 1, max(1, len(shown)), hint, "RM201")
        self.sequences += 1
        return ["seq", kind, options, f"{self.address}#{self.sequences}"]


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
    ['It ', ['seq', 'cycle', [['rains'], ['shines']], 'a#1'], '. ', ['em', 'Ni modo.']]
    """
    start = len(text) - len(text.lstrip())
    reader = _Reader(text.rstrip(), names, address)
    reader.at = start + 2 if text.startswith("> ", start) else start
    return reader.whole(), reader.links


_CONDITIONS: dict[int, tuple[Tree, Callable[[Mapping[str, Any], Any], Any]]] = {}


def _holds(tree: Tree, s: Mapping[str, Any], w: Asked) -> bool:
    """Ask a condition; its function is made on first use and kept by the tree's identity."""
    found = _CONDITIONS.get(id(tree))
    if found is None or found[0] is not tree:
        found = _CONDITIONS[id(tree)] = (tree, compiled(tree))
    return bool(found[1](s, w))


def _chosen(node: Nodes, s: Mapping[str, Any], w: Asked, seen: int) -> Nodes:
    kind, options = node[1], node[2]
    n = len(options)
    if kind == "cycle":
        return list(options[seen % n])
    if kind == "once":
        return list(options[seen]) if seen < n else []
    if kind == "shuffle":
        return list(options[w.draw(s, node[3], seen, n)])
    return list(options[min(seen, n - 1)])


def _flat(nodes: Nodes, s: Mapping[str, Any], w: Asked, seen: int) -> Iterator[Run | None]:
    """The runs in order; None is the end of a paragraph."""
    for node in nodes:
        if isinstance(node, str):
            yield Run(node)
        elif node[0] == "if":
            for condition, branch in node[1]:
                if condition is None or _holds(condition, s, w):
                    yield from _flat(branch, s, w, seen)
                    break
        elif node[0] == "para":
            yield None
        elif node[0] == "em":
            yield Run(node[1], "em")
        elif node[0] == "link":
            yield Run(node[2], "link", node[1])
        elif node[0] == "seq":
            yield from _flat(_chosen(node, s, w, seen), s, w, seen)
        else:
            yield Run(w.words(s, node[1]) if node[0] == "words" else w.value(s, node[1]))


def render(nodes: Nodes, s: Mapping[str, Any], w: Asked, seen: int = 0) -> tuple[Paragraph, ...]:
    """The paragraphs that a player reads now; `seen` counts how often this text was read before."""
    if len(nodes) == 1 and isinstance(nodes[0], str):
        return ((Run(nodes[0]),),)
    paragraphs: list[Paragraph] = []
    line: list[Run] = []
    for run in _flat(nodes, s, w, seen):
        if run is None:
            paragraphs.append(_joined(line))
            line = []
        else:
            line.append(run)
    paragraphs.append(_joined(line))
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def _joined(runs: list[Run]) -> Paragraph:
    """Neighbouring plain runs as one, without doubled or outer spaces."""
    out: list[Run] = []
    for run in runs:
        text = run.text
        if not out or out[-1].text.endswith((" ", "\n")):
            text = text.lstrip(" ")
        if not text:
            if run.role == "link":
                out.append(run)
            continue
        if out and not run.role and not out[-1].role:
            out[-1] = Run(out[-1].text + text)
        else:
            out.append(Run(text, run.role, run.target))
    if out and not out[-1].role:
        last = out[-1].text.rstrip(" ")
        out = [*out[:-1], Run(last)] if last else out[:-1]
    return tuple(out)


def plain(paragraphs: tuple[Paragraph, ...], separator: str = "\n\n") -> str:
    """The paragraphs as bare text.

    >>> plain(((Run("Gulls "), Run("interested", "em"), Run(".")), (Run("Laredo open."),)), " / ")
    'Gulls interested. / Laredo open.'
    """
    return separator.join("".join(run.text for run in paragraph) for paragraph in paragraphs)
