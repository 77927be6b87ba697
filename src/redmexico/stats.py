"""How much there is of a story: words, scenes, choices, facts, voices, and what is translated.

Words are counted as a player could come to read them: every branch of a text, every softer version;
a value that is filled in counts as one word. What a single campaign shows is for a playtest to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any, NamedTuple

from redmexico.earliest import choices_of, first_days
from redmexico.expression import Tree
from redmexico.findings import escaped
from redmexico.narration import Nodes
from redmexico.uses import uses_of

Form = Mapping[str, Any]

WORDS_A_MINUTE = 230
"""How fast prose is read in silence; M. Brysbaert, "How many words do we read per minute?", Journal of
Memory and Language 109 (2019): 238 for non-fiction, 260 for fiction; some are left for choosing."""
NOWHERE = "outside every act"
COLUMNS = 100


def words_in(nodes: Nodes | None) -> int:
    """The words of a text, in all its branches.

    >>> words_in(["The seal is ", ["if", [[["quality", "x"], ["whole"]], [None, ["broken now"]]]], "."])
    6
    """
    return sum(len(_letters(part).split()) for part in _pieces(nodes or []))


def _letters(text: str) -> str:
    return "".join(c if c.isalnum() or c in "'’-" else " " if c.isspace() or c in "—/" else "" for c in text)


def _pieces(nodes: Nodes) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        elif node[0] in ("value", "words"):
            yield "1"
        elif node[0] == "link":
            yield node[2]
        elif node[0] == "em":
            yield from _pieces(node[1])
        elif node[0] == "if":
            for _, branch in node[1]:
                yield from _pieces(branch)
        elif node[0] == "seq":
            for branch in node[2]:
                yield from _pieces(branch)


def fragments_in(nodes: Nodes | None) -> int:
    """How many pieces of a text stand under a condition or a visit: each branch of each brace."""
    found = 0
    for node in nodes or []:
        if isinstance(node, str):
            continue
        branches = [b for _, b in node[1]] if node[0] == "if" else node[2] if node[0] == "seq" else []
        found += len(branches) + sum(fragments_in(branch) for branch in branches)
        found += fragments_in(node[1]) if node[0] == "em" else 0
    return found


def scene_texts(card: Form, scene: Form) -> Iterator[Nodes]:
    """Every text of a scene that a player may read, each once."""
    yield scene["heading"]
    yield scene["place"]
    if scene["label"] != scene["heading"]:
        yield scene["label"]
    if card["withdraw"]:
        yield card["withdraw"][2]
    for _, _, text in scene["advice"]:
        yield text
    if scene["order"]:
        yield from choice_texts(scene["order"], order=True)
    for room in scene["passages"]:
        yield from (text for text in (room["text"], room["soften"]) if text)
        for _, _, text in room["advice"]:
            yield text
        for choice in room["choices"]:
            yield from choice_texts(choice)


def choice_texts(choice: Form, order: bool = False) -> Iterator[Nodes]:
    """Every text of a choice; an order's label is its scene's."""
    keys = ("hint", "text", "soften", "note") if order else ("label", "hint", "text", "soften", "note")
    yield from (choice[key] for key in keys if choice[key])
    yield from (locked for _, locked, _ in choice["needs"] if locked)


def scene_words(card: Form, scene: Form) -> int:
    """The words of a scene."""
    return sum(words_in(text) for text in scene_texts(card, scene))


def act_on(form: Form, day: int) -> str:
    """The act in which a day lies by the calendar, or ""."""
    return next((str(act["id"]) for act in form["acts"] if act["first"] <= day <= act["last"]), "")


class Stats(NamedTuple):
    """A story in numbers."""

    title: str
    words: int
    """everything a player may come to read"""
    scene_words: int
    by_act: dict[str, int]
    """act → words of the scenes whose gate names it, or whose first possible day lies in it"""
    by_folder: dict[str, int]
    """folder of scenes/ → words; empty where folders are not known"""
    by_part: dict[str, int]
    """scenes, events, endings, slides, codex, … → words"""
    minutes: int
    """to read it all, at WORDS_A_MINUTE, rounded up"""
    scenes: int
    orders: int
    passages: int
    choices: int
    median_choices: int
    """of the scenes that have any, rounded down"""
    most_choices: tuple[str, int]
    """the scene with the most, and how many"""
    needs: int
    """choices that ask for something"""
    fragments: int
    """pieces of text under a condition or a visit"""
    events: int
    endings: int
    qualities: int
    cited: int
    """facts that a scene, an event or the codex rests on"""
    facts: int
    """facts that sources.yaml tells"""
    uncited: tuple[str, ...]
    people: tuple[tuple[str, str, int], ...]
    """id, name, how many pieces of advice; the most talkative first"""
    translated: dict[str, tuple[int, int, int]]
    """language → translated, whole, stale"""

    def as_json(self) -> dict[str, Any]:
        """The same as plain data."""
        data = self._asdict()
        data["most_choices"] = {"scene": self.most_choices[0], "choices": self.most_choices[1]}
        data["people"] = [{"id": id, "name": name, "speaks": times} for id, name, times in self.people]
        data["translated"] = {
            language: {"translated": done, "whole": whole, "stale": stale}
            for language, (done, whole, stale) in self.translated.items()
        }
        data["uncited"] = list(self.uncited)
        return data

    def lines(self) -> list[str]:
        """The numbers as lines of at most 100 columns."""
        scene, most = self.most_choices
        out = [escaped(self.title, COLUMNS), ""]
        out += _table(
            [
                ("words", f"{self.words:,}", f"{duration(self.minutes)} to read all of it once"),
                ("scenes", f"{self.scenes:,}", f"{self.orders} of them orders; {self.passages} further passages"),
                (
                    "choices",
                    f"{self.choices:,}",
                    f"median {self.median_choices} a scene, most {most}" + (f" ({scene})" if scene else ""),
                ),
                ("with needs", f"{self.needs:,}", "choices that ask for something"),
                ("fragments", f"{self.fragments:,}", "pieces of text under a condition or a visit"),
                ("events", f"{self.events:,}", ""),
                ("endings", f"{self.endings:,}", ""),
                ("qualities", f"{self.qualities:,}", ""),
                ("facts", f"{self.cited:,}", f"cited of {self.facts} known"),
            ]
        )
        out += _listed("Words by part", self.by_part)
        out += _listed("Words of scenes by act", self.by_act)
        out += _listed("Words of scenes by folder", self.by_folder)
        out += _voices(self.people)
        for language, (done, whole, stale) in self.translated.items():
            share = f"{done * 100 // whole} %" if whole else "nothing to translate"
            out += ["", f"Translated: {escaped(language, 20)}: {done:,} of {whole:,} texts ({share}), {stale:,} stale"]
        return out


def duration(minutes: int) -> str:
    """Minutes as hours and minutes.

    >>> duration(59), duration(125)
    ('59 min', '2 h 5 min')
    """
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _table(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    left = max(len(row[0]) for row in rows)
    middle = max(len(row[1]) for row in rows)
    return [f"  {name:<{left}}  {count:>{middle}}  {said}".rstrip() for name, count, said in rows]


def _listed(title: str, numbers: Mapping[str, int]) -> list[str]:
    return ["", title, *_table([(escaped(n, 40), f"{count:,}", "") for n, count in numbers.items()])] if numbers else []


def _voices(people: Sequence[tuple[str, str, int]]) -> list[str]:
    """Who speaks how often; who never does, in one line."""
    loud = [(escaped(name, 40), f"{times:,}", escaped(id, 40)) for id, name, times in people if times]
    silent = [escaped(id, 40) for id, _, times in people if not times]
    out = ["", "Advice by voice", *_table(loud)] if loud else []
    return [*out, f"  and {len(silent)} who never {'speak' if len(silent) > 1 else 'speaks'}"] if silent else out


def stats(
    form: Form,
    scenes: Mapping[str, Form],
    folders: Mapping[str, str] | None = None,
    translated: Mapping[str, tuple[int, int, int]] | None = None,
) -> Stats:
    """Count a compiled pack.

    `folders` maps scenes to the folders of scenes/ in which they lie; `translated` languages to how many texts
    are translated, how many there are, and how many translations are stale.
    """
    cards = {card["id"]: card for card in form["cards"] if card["id"] in scenes}
    words = {id: scene_words(card, scenes[id]) for id, card in cards.items()}
    by_part = {"scenes": sum(words.values()), **_other_words(form)}
    choices = {id: choices_of(scenes[id]) for id in cards}
    every = [choice for found in choices.values() for choice in found]
    counts = [len(found) for found in choices.values() if found]
    most = max(choices, key=lambda id: len(choices[id]), default="")
    cited = _cited(form, [scenes[id] for id in cards])
    known = [fact["id"] for fact in form["facts"]]
    return Stats(
        form["title"],
        sum(by_part.values()),
        by_part["scenes"],
        _by_act(form, scenes, words),
        _by_folder(folders or {}, words),
        by_part,
        -(-sum(by_part.values()) // WORDS_A_MINUTE),
        len(cards),
        sum(1 for id in cards if scenes[id]["order"]),
        sum(1 for id in cards for room in scenes[id]["passages"] if room["id"]),
        len(every),
        int(median(counts)) if counts else 0,
        (most, len(choices[most]) if most else 0),
        sum(1 for choice in every if choice["needs"]),
        sum(fragments_in(text) for id, card in cards.items() for text in scene_texts(card, scenes[id])),
        len(form["events"]),
        len(form["endings"]),
        len(form["qualities"]),
        sum(1 for fact in known if fact in cited),
        len(known),
        tuple(fact for fact in known if fact not in cited),
        _people(form, [scenes[id] for id in cards]),
        dict(translated or {}),
    )


def _bare(text: str) -> int:
    """The words of a text that has no marks."""
    return words_in([text])


def _other_words(form: Form) -> dict[str, int]:
    """The words outside the scenes, by part."""
    events = 0
    for event in form["events"]:
        shapes = [shape["title"] for shape in event["variants"]] + [title for _, _, title in event["outcomes"]]
        causes = [because for _, _, because in event["pulls"]]
        records = [event["record"], *(record for _, record, _ in event["elsewhere"])]
        events += sum(_bare(text) for text in (event["title"], *shapes, *causes, *records))
    codex = sum(
        _bare(e["title"]) + words_in(e["text"]) + sum(_bare(text) for text in e["records"].values())
        for e in form["codex"]
    )
    facts = sum(_bare(fact["title"]) + _bare(fact["account"]) for fact in form["facts"])
    about = sum(_bare(document[key]) for document in form["documents"] for key in ("title", "about", "took", "doubted"))
    return {
        "events": events,
        "endings": sum(_bare(ending["title"]) + words_in(ending["text"]) for ending in form["endings"]),
        "epilogue": sum(words_in(slide["text"]) for slide in form["slides"]),
        "codex": codex,
        "cast": sum(_bare(person["name"]) + _bare(person["about"]) for person in form["cast"]),
        "achievements": sum(_bare(award["title"]) + _bare(award["text"]) for award in form["achievements"]),
        "sources": facts + about,
    }


def _by_act(form: Form, scenes: Mapping[str, Form], words: Mapping[str, int]) -> dict[str, int]:
    days = first_days(form, scenes, uses_of(form, scenes))
    asked = {card["id"]: _act_asked(card["gate"]) for card in form["cards"]}
    found = {act["id"]: 0 for act in form["acts"]}
    for id, count in words.items():
        act = asked.get(id) or act_on(form, days[id]) or NOWHERE
        found[act] = found.get(act, 0) + count
    return found


def _act_asked(gate: Tree | None) -> str:
    """The act that a gate names (`act == gap`): two acts may lie side by side in the calendar."""
    if gate is None:
        return ""
    if gate[0] == "and":
        return next(filter(None, map(_act_asked, gate[1:])), "")
    return str(gate[3][1]) if gate[:3] == ["compare", "==", ["plain", "act"]] and gate[3][0] == "word" else ""


def _by_folder(folders: Mapping[str, str], words: Mapping[str, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for id, count in words.items():
        if id in folders:
            found[folders[id]] = found.get(folders[id], 0) + count
    return dict(sorted(found.items()))


def _cited(form: Form, bodies: Sequence[Form]) -> frozenset[str]:
    in_scenes = [fact for scene in bodies for fact in scene["facts"]]
    in_codex = [fact for entry in form["codex"] for fact in entry["facts"]]
    return frozenset([*in_scenes, *in_codex, *(event["fact"] for event in form["events"])])


def _people(form: Form, bodies: Sequence[Form]) -> tuple[tuple[str, str, int], ...]:
    spoken: dict[str, int] = {}
    for scene in bodies:
        for who, _, _ in [*scene["advice"], *(item for room in scene["passages"] for item in room["advice"])]:
            spoken[who] = spoken.get(who, 0) + 1
    names = [(person["id"], person["name"], spoken.get(person["id"], 0)) for person in form["cast"]]
    return tuple(sorted(names, key=lambda person: (-person[2], person[0])))
