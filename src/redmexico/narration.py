"""What prose comes out as: paragraphs of runs, each with a role.

`prose` turns a writer's text into nested lists, which caches keep; `render` reads these. No author text is markup for anybody else: a face gets
plain runs and may not interpret them.

Nodes: a string · `["para"]` · `["value", name]` · `["words", name]` · `["link", id, shown]` ·
`["em", nodes]` · `["if", [[tree or None, nodes], …]]` · `["seq", kind, [nodes, …], stream]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from redmexico.expression import Tree, compiled

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
            for run in _flat(node[1], s, w, seen):
                yield Run(run.text, run.role or "em", run.target) if run is not None else None
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


def varies(nodes: Nodes) -> bool:
    """Whether a text has variants by visit in it."""
    for node in nodes:
        if isinstance(node, list):
            if node[0] == "seq" or (node[0] == "em" and varies(node[1])):
                return True
            if node[0] == "if" and any(varies(branch) for _, branch in node[1]):
                return True
    return False


def links(nodes: Nodes) -> tuple[str, ...]:
    """The codex entries that a text may lead to, whatever branch is shown."""
    found: list[str] = []
    for node in nodes:
        if isinstance(node, list):
            branches = [branch for _, branch in node[1]] if node[0] == "if" else node[2] if node[0] == "seq" else []
            found += [node[1]] if node[0] == "link" else links(node[1]) if node[0] == "em" else []
            for branch in branches:
                found += links(branch)
    return tuple(dict.fromkeys(found))


def plain(paragraphs: tuple[Paragraph, ...], separator: str = "\n\n") -> str:
    """The paragraphs as bare text.

    >>> plain(((Run("Gulls "), Run("interested", "em"), Run(".")), (Run("Laredo open."),)), " / ")
    'Gulls interested. / Laredo open.'
    """
    return separator.join("".join(run.text for run in paragraph) for paragraph in paragraphs)
