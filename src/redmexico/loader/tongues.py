"""A story in another language: files that mirror the pack's, by address, with what each text was made from.

    # es/scenes/1937_tampico/gangway.yaml
    gangway#title: {of: 1f3c9a2e, text: La pasarela}
    gangway/kahlo#label: {of: 77aa01b3, text: "Darle la mano a ella primero"}

`of` is a short hash of the English, so that a text whose English has changed is known as stale; it is shown all
the same. What stands in braces must name the same qualities and lead to the same pages of the codex.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from redmexico.errors import BadText
from redmexico.loader import shapes
from redmexico.loader.check_shape import named
from redmexico.loader.compile import MAX_PROSE, Known, Reader, Spot
from redmexico.loader.files import Pack
from redmexico.loader.tree import Source
from redmexico.prose import parse as parse_text
from redmexico.suggest import did_you_mean

Tongue = dict[str, dict[str, Any]]
"""scene (or "" for all else) → `address#field` → nodes, or words"""


def hash_of(english: str) -> str:
    """The short hash of a text: its words, however they are laid out.

    >>> hash_of("A tanker\\n lands.") == hash_of("A tanker lands. ")
    True
    """
    return blake2b(" ".join(english.split()).encode(), digest_size=4).hexdigest()


def read_all(
    packs: list[Pack],
    known: Known,
    texts: Mapping[str, Spot],
    own: Mapping[str, Mapping[str, str]],
    told: dict[tuple[str, str, str], Any],
) -> tuple[dict[str, Tongue], dict[str, set[str]]]:
    """Every translation of the packs, and the stale ones.

    `own` are the names that a scene has of its own; `told` keeps what was read before without fault.
    """
    found: dict[str, Tongue] = {}
    stale: dict[str, set[str]] = {}
    near: dict[str, list[str]] = {}
    for address in texts:
        near.setdefault(_head(address), []).append(address)
    for pack in packs:
        for name, source in pack.sources.items():
            folder, slash, _ = name.partition("/")
            if slash and folder != "scenes":
                reader = _Tongue(folder, source, known, texts, own, told, near)
                reader.read(found.setdefault(folder, {}), stale.setdefault(folder, set()))
    return found, stale


class _Tongue:
    """Reads one file of translations."""

    def __init__(
        self,
        language: str,
        source: Source,
        known: Known,
        texts: Mapping[str, Spot],
        own: Mapping[str, Mapping[str, str]],
        told: dict[tuple[str, str, str], Any],
        near: Mapping[str, list[str]],
    ) -> None:
        self.language = language
        self.source = source
        self.known = known
        self.texts = texts
        self.own = own
        self.told = told
        self.near = near
        """addresses by their first part: a scene, or an entry of a list"""

    def read(self, into: Tongue, stale: set[str]) -> None:
        for address, item in named(self.source, shapes.Translated).items():
            spot = self.texts.get(address)
            if spot is None:
                self.unknown(address)
                continue
            if item.of != hash_of(spot.text):
                said = "the English has changed since this was translated"
                hint = f"look at it again, then: redmexico tr {self.language} --accept {address}"
                self.source.at((address, "of"), "RM507", said, hint, severity="warning")
                stale.add(address)
            if not item.text:
                continue  # a place kept for it
            value = self.prose(address, item.text, spot) if spot.prose else item.text
            if value is not None:
                into.setdefault(spot.scene, {})[address] = value

    def unknown(self, address: str) -> None:
        scene = address.partition("#")[0].partition("/")[0]
        if scene in self.known.names.scenes and not self.near.get(scene):
            return  # the scene is broken: what is wrong with it is said there
        hint = did_you_mean(address, self.near.get(_head(address), ()) or self.texts) or "take it out, or write the address that it has now"
        self.source.at_key((address,), "RM509", f"there is no text '{address}'", hint)

    def prose(self, address: str, text: str, spot: Spot) -> Any:
        """A translated text as nodes; None where it cannot be read."""
        key = (address, text, spot.text)
        if key not in self.told:
            faults = len(self.source.findings)
            nodes = self.read_prose(address, text, spot)
            if len(self.source.findings) > faults or nodes is None:
                return nodes
            self.told[key] = nodes
        return self.told[key]

    def read_prose(self, address: str, text: str, spot: Spot) -> Any:
        """The same, read anew."""
        way = (address, "text")
        if len(text) > MAX_PROSE:
            self.source.at(way, "RM150", f"more than {MAX_PROSE} characters of prose", "make it shorter")
            return None
        try:
            nodes, links = self.parsed(text, spot)
        except BadText as error:
            self.source.at(way, error.code, error.message, error.hint, error.offset, error.length)
            return None
        try:
            english, meant = self.parsed(spot.text, spot)
        except BadText:
            return None  # what is wrong with the English is said there
        ours, theirs = _named(nodes, links), _named(english, meant)
        if ours != theirs:
            lost, new = sorted(theirs - ours), sorted(ours - theirs)
            said = "; ".join([f"'{name}' is missing" for name in lost] + [f"'{name}' is not in the English" for name in new])
            self.source.at(way, "RM508", said, "leave what stands in braces as it is, and link to the same pages")
        Reader(Source(""), self.known).fill_links(nodes)
        return nodes

    def parsed(self, text: str, spot: Spot) -> tuple[list[Any], list[tuple[str, int]]]:
        """A text read with the names that its scene may use."""
        names = self.known.names
        names.local = dict(self.own.get(spot.scene, {}))
        try:
            return parse_text(text, names, spot.stream)
        finally:
            names.local = {}


def _head(address: str) -> str:
    """The first part of an address.

    >>> _head("gangway/kahlo#label")
    'gangway'
    """
    return address.split("#", maxsplit=1)[0].split("/", maxsplit=1)[0]


def _named(nodes: list[Any], links: list[tuple[str, int]]) -> set[str]:
    """The qualities shown and the pages linked."""
    found = {f"[[{entry}]]" for entry, _ in links}
    pending = list(nodes)
    while pending:
        node = pending.pop()
        if isinstance(node, list) and node:
            if node[0] in ("value", "words"):
                found.add("{" + node[1] + ("|words}" if node[0] == "words" else "}"))
            elif node[0] == "if":
                pending += [inner for _, branch in node[1] for inner in branch]
            elif node[0] == "seq":
                pending += [inner for branch in node[2] for inner in branch]
            elif node[0] == "em":
                pending += node[1]
    return found
