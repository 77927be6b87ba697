"""RM3xx: what can never be, what always is, what stands in the way of what: proofs over all that a campaign can become.

"Never" is said only of what relaxed reachability rules out, "always" only of what the declared ranges and the scene's own
gate force. Nothing here is a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from redmexico.check.study import Form, Study
from redmexico.expression import Tree
from redmexico.findings import Finding
from redmexico.loader.tree import Source, Way
from redmexico.logic.assumed import Grants, clauses
from redmexico.logic.domains import Domains
from redmexico.logic.reach import Reach, reach
from redmexico.logic.reasons import why
from redmexico.logic.solve import always, narrowed, possible

_BRANCH = re.compile(r"(?:\{|\|\s*)(if\b|elif\b|else\b)")


def findings(study: Study) -> Iterator[Finding]:
    proofs = Proofs(study)
    yield from proofs.scenes_never()
    yield from proofs.choices_never()
    yield from proofs.branches_never()
    yield from proofs.conditions_never()
    yield from proofs.hidden_behind()
    yield from proofs.always_true()
    yield from proofs.all_locked()
    yield from proofs.circles()
    yield from proofs.no_way_out()
    yield from proofs.only_clamps()


class Proofs:
    """The rules of one story."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.declared = Domains.declared(study.form)
        self.grants = Grants(self.declared.reading, study.scenes)

    @cached_property
    def reach(self) -> Reach:
        return reach(self.study.form, self.study.scenes)

    @property
    def domains(self) -> Domains:
        return self.reach.domains

    def clauses(self, tree: Tree | None) -> list[Tree]:
        return list(clauses(tree, self.declared.reading.derived))

    # never

    def scenes_never(self) -> Iterator[Finding]:
        """RM301: a gate that cannot open. RM302: a scene, RM303: a room, that nothing leads to."""
        for id, reached in self.reach.scenes.items():
            if reached:
                continue
            reason = self.reach.reasons["scene", id]
            if reason.condition is not None and self.study.cards[id]["gate"] is not None:
                yield self.study.finding(id, ("when", "if"), "RM301", "this scene can never come", reason.text, "error")
            elif self.in_some_act(id):
                hint = f"{reason.text}: give it 'due' or 'draw', or a goto, call, later or event that plays it"
                yield self.study.finding(id, ("title",), "RM302", "nothing ever leads to this scene", hint)
        for address, reached in self.reach.passages.items():
            scene, _, room = address.partition("/")
            if not reached and room and self.reach.scenes[scene]:
                hint = f"{self.reach.reasons['passage', address].text}: lead to it with a goto, or take it out"
                yield self.study.at_key(scene, ("passages", room), "RM303", "this room can never be entered", hint)

    def in_some_act(self, id: str) -> bool:
        """Whether a scene's window touches the story's time at all."""
        first, last = self.study.cards[id]["window"]
        return any(first <= act["last"] and act["first"] <= last for act in self.study.form["acts"])

    def choices_never(self) -> Iterator[Finding]:
        """RM310: a choice that can never be taken."""
        for scene, way, choice in self.study.choices():
            if self.reach.choices[choice["address"]] or not choice["needs"]:
                continue
            room = self.room_of(scene, way)
            if not self.reach.passages.get(room, self.reach.scenes[scene]):
                continue
            reason = self.reach.reasons["choice", choice["address"]]
            at = (*way, "needs", self.failing_need(choice, reason.condition), "if")
            gate = self.gate_line(scene, choice)
            hint = f"{reason.text}{gate}"
            yield self.study.finding(scene, at, "RM310", "this choice can never be taken", hint, "error")

    def room_of(self, scene: str, way: Way) -> str:
        return f"{scene}/{way[1]}" if way[:1] == ("passages",) else scene

    def failing_need(self, choice: Form, condition: Tree | None) -> int:
        """Which need is at fault: the one with the clause that fails, else the last that reads its names."""
        for i, need in enumerate(choice["needs"]):
            if condition is not None and any(clause == condition for clause in self.clauses(need[0])):
                return i
        for i, need in enumerate(choice["needs"]):
            if possible((need[0],), self.domains).impossible:
                return i
        return len(choice["needs"]) - 1

    def gate_line(self, scene: str, choice: Form) -> str:
        """Where the scene's gate stands, if it is the gate that the needs contradict."""
        gate = self.study.cards[scene]["gate"]
        needs = [need[0] for need in choice["needs"]]
        if gate is None or possible(needs, self.domains).impossible:
            return ""
        source, at = self.study.place(scene, ("when", "if"))
        return f" (the scene's gate is at line {source.finding(at, '', '').line})"

    def branches_never(self) -> Iterator[Finding]:
        """RM312: a branch of a text that nobody can ever read."""
        for (address, field, i), reached in self.reach.branches.items():
            reason = self.reach.reasons.get(("branch", (address, field, i)))
            if reached or reason is None or reason.text == "its text is never read":
                continue
            place = self.text_place(address, field)
            if place is None:
                continue
            source, way, text = place
            marks = list(_BRANCH.finditer(text))
            offset = marks[i].start(1) if i < len(marks) else 0
            length = len(text[offset:].split(":", 1)[0].split("\n", 1)[0])
            said = "nobody can ever read this branch"
            yield source.finding(way, "RM312", said, reason.text, offset, max(1, length), "warning")

    def text_place(self, address: str, field: str) -> tuple[Source, Way, str] | None:
        """The file, the way and the words of a text."""
        scene = address.partition("/")[0]
        spot = self.study.loaded.texts.get(f"{address}#{field}")
        if spot is not None:
            return spot.source, spot.way, spot.text
        base = self.ways.get(address)
        if base is None:
            return None
        parts = field.split("/")
        end: Way = (parts[0], int(parts[1]), "text" if parts[0] == "advice" else "locked") if len(parts) == 2 else (field,)
        end = ("withdraw", "text") if field == "withdraw" else end
        source = self.study.loaded.source_of[scene]
        value: Any = source.data
        for part in (*base, *end):
            value = value.get(part) if isinstance(value, dict) else value[part] if isinstance(value, list) else None  # type: ignore[index]
        return (source, (*base, *end), value) if isinstance(value, str) else None

    @cached_property
    def ways(self) -> dict[str, Way]:
        """Where every scene, room and choice stands in its file."""
        found: dict[str, Way] = dict.fromkeys(self.study.scenes, ())
        found |= {room["address"]: way for _, way, room in self.study.rooms()}
        return found | {choice["address"]: way for _, way, choice in self.study.choices()}

    def conditions_never(self) -> Iterator[Finding]:
        """RM313: any other condition that can never hold: a cause, a shape, a voice, a slide, an ending."""
        for address, way, trees, what in self.conditions():
            kind, _, id = address.partition(":")
            waits = kind == "event" and id in self.study.to_come
            domains = self.declared if waits else self.domains  # what moves it may come with its act
            if trees[-1] is None or not possible(trees, domains).impossible:
                continue
            reason = why(trees, (), domains)
            yield self.study.finding(address, way, "RM313", f"this {what} can never be", reason.text)

    def conditions(self) -> Iterator[tuple[str, Way, list[Tree | None], str]]:
        """Conditions that stand by themselves, with what may be taken for granted where they are asked."""
        for i, event in enumerate(self.study.form["events"]):
            at = f"event:{event['id']}"
            days: Tree = ["and", ["compare_date", ">=", event["window"][0], event["window"][0]],
                          ["compare_date", "<=", event["window"][1], event["window"][1]]]  # fmt: skip
            yield at, (i, "needs"), [event["needs"]], "event"
            for k, (tree, _, _) in enumerate(event["pulls"]):
                yield at, (i, "pulls", k, "if"), [days, tree], "cause"
            for k, variant in enumerate(event["variants"]):
                yield at, (i, "variants", k, "if"), [variant["if"]], "shape"
            for k, (_, tree, _) in enumerate(event["outcomes"]):
                yield at, (i, "outcomes", k, "if"), [tree], "outcome"
            for k, (tree, _, _) in enumerate(event["otherwise"]):
                yield at, (i, "otherwise", k, "if"), [tree], "replacement"
        for what, name in (("endings", "ending"), ("slides", "slide")):
            for i, part in enumerate(self.study.form[what]):
                yield f"{name}:{part['id']}", (what, i, "if"), [part["if"]], name
        for i, award in enumerate(self.study.form["achievements"]):
            yield f"achievement:{award['id']}", (i, "if"), [award["if"]], "achievement"
        for i, act in enumerate(self.study.form["acts"]):
            yield f"act:{act['id']}", ("acts", i, "ends"), [act["ends"]], "end of an act"
            for k, (tree, _, _) in enumerate(act["next"]):
                yield f"act:{act['id']}", ("acts", i, "next", k, "if"), [tree], "way on"
        yield from self.scene_conditions()

    def scene_conditions(self) -> Iterator[tuple[str, Way, list[Tree | None], str]]:
        for scene, way, room in self.study.rooms():
            if not self.reach.passages.get(room["address"]):
                continue
            given: list[Tree | None] = [*self.grants.at(scene, room["id"])]
            for k, (_, tree, _) in enumerate(room["advice"]):
                yield scene, (*way, "advice", k, "if"), [*given, tree], "voice"
            for k, (tree, _) in enumerate(room["goto"]):
                yield scene, (*way, "goto", k, "if"), [tree], "way on"
        for scene, body in self.study.scenes.items():
            for k, (_, tree, _) in enumerate(body["advice"] if self.reach.scenes.get(scene) else ()):
                yield scene, ("advice", k, "if"), [tree], "voice"
        for scene, way, choice in self.study.choices():
            if not self.reach.choices.get(choice["address"]):
                continue
            for k, (tree, _) in enumerate(choice["goto"]):
                yield scene, (*way, "goto", k, "if"), [tree], "way on"
            for k, later in enumerate(choice["later"]):
                yield scene, (*way, "later", k, "if"), [later["if"]], "bill"

    # the first that holds

    def hidden_behind(self) -> Iterator[Finding]:
        """RM314: an entry of a list of which the first that holds is taken, and something before it always holds."""
        for entries in self.lists():
            for i, (address, way, tree) in enumerate(entries):
                before = [other[2] for other in entries[:i]]
                hint = "what stands before it holds whenever this would: put this one first"
                if None in before:
                    source, at = self.study.place(*entries[before.index(None)][:2])
                    hint = f"line {source.finding(at, '', '').line} always holds: put this one before it"
                elif not before or (tree is not None and possible((tree,), self.domains).impossible) or not possible((tree, *(["not", t] for t in before if t is not None)), self.declared).impossible:
                    continue
                yield self.study.finding(address, way if tree is not None else way[:-1], "RM314", "this is never come to", hint)

    def lists(self) -> Iterator[list[tuple[str, Way, Tree | None]]]:
        """Lists of which the first that holds is taken: of each entry its address, the way to its condition, the condition."""
        for i, event in enumerate(self.study.form["events"]):
            for part, trees in (
                ("variants", [v["if"] for v in event["variants"]]),
                ("outcomes", [tree for _, tree, _ in event["outcomes"]]),
                ("otherwise", [tree for tree, _, _ in event["otherwise"]]),
            ):
                yield [(f"event:{event['id']}", (i, part, k, "if"), tree) for k, tree in enumerate(trees)]
        for i, act in enumerate(self.study.form["acts"]):
            yield [(f"act:{act['id']}", ("acts", i, "next", k, "if"), tree) for k, (tree, _, _) in enumerate(act["next"])]
        yield from self.ending_lists()
        slides: dict[str, list[Form]] = {}
        for slide in sorted(self.study.form["slides"], key=lambda slide: slide["order"]):
            slides.setdefault(slide["of"], []).append(slide)
        numbers = {slide["id"]: i for i, slide in enumerate(self.study.form["slides"])}
        for found in slides.values():
            yield [(f"slide:{s['id']}", ("slides", numbers[s["id"]], "if"), s["if"]) for s in found]
        for scene, way, room in self.study.rooms():
            yield [(scene, (*way, "goto", k, "if"), tree) for k, (tree, _) in enumerate(room["goto"])]
        for scene, way, choice in self.study.choices():
            yield [(scene, (*way, "goto", k, "if"), tree) for k, (tree, _) in enumerate(choice["goto"])]

    def ending_lists(self) -> Iterator[list[tuple[str, Way, Tree | None]]]:
        """Each ending that only the rules give, behind those that are asked before it."""
        endings = self.study.form["endings"]
        named = {id for (kind, id), found in self.study.uses.settings.items() if kind == "ending" and any(s.role != "rules" for s in found)}
        whole: list[tuple[str, Way, Tree | None]] = [(f"ending:{e['id']}", ("endings", i, "if"), e["if"]) for i, e in enumerate(endings)]
        for i, ending in enumerate(endings):
            if i and ending["id"] not in named and ending["if"] is not None:
                before = [tree for _, _, tree in whole[:i]]
                if None not in before:
                    yield [(whole[0][0], whole[0][1], before[0] if i == 1 else ["or", *before]), whole[i]]

    # always

    def always_true(self) -> Iterator[Finding]:
        """RM311: a need, a gate's clause or a branch's condition that cannot fail."""
        for id, card in self.study.cards.items():
            for clause in self.clauses(card["gate"]):
                if self.certain(clause, []):
                    yield self.said_always(id, ("when", "if"), clause)
        for scene, way, choice in self.study.choices():
            room = way[1] if way[:1] == ("passages",) else ""
            given: list[Tree] = [] if not way else list(self.grants.at(scene, str(room)))
            for k, (tree, _, _) in enumerate(choice["needs"]):
                for clause in self.clauses(tree):
                    if self.certain(clause, given):
                        yield self.said_always(scene, (*way, "needs", k, "if"), clause)
                        break
        for i, event in enumerate(self.study.form["events"]):
            for k, (tree, _, _) in enumerate(event["pulls"]):
                if tree is not None and self.certain(tree, []):
                    yield self.said_always(f"event:{event['id']}", (i, "pulls", k, "if"), tree)

    def certain(self, clause: Tree, given: list[Tree]) -> bool:
        """Whether a condition cannot fail, by the ranges declared and by what is given."""
        if _timely(clause, self.declared.reading.derived) or clause[0] == "bool":
            return False
        if not given:
            return always(clause, self.declared)
        return possible((*given, ["not", clause]), self.declared).impossible

    def said_always(self, address: str, way: Way, clause: Tree) -> Finding:
        from redmexico.unparse import expression_text

        text = expression_text(clause, self.study.form, address.partition("/")[0])
        return self.study.finding(address, way, "RM311", f"'{text}' always holds here", "take it out")

    # rooms

    def all_locked(self) -> Iterator[Finding]:
        """RM315: a room in which every choice can be locked at the same time."""
        for scene, way, room in self.study.rooms():
            if not room["choices"] or not self.reach.passages.get(room["address"]):
                continue
            needs = [[need[0] for need in choice["needs"]] for choice in room["choices"]]
            if not all(needs):
                continue
            closed = [["not", trees[0] if len(trees) == 1 else ["and", *trees]] for trees in needs]
            answer = possible((*self.grants.at(scene, room["id"]), *closed), self.domains)
            if not answer.impossible:
                hint = "let one choice need nothing; where none is open the player is offered 'Go on' alone"
                said = "all choices of this room may be locked at once"
                yield self.study.at_key(scene, (*way, "choices"), "RM315", said, hint, "note")

    def circles(self) -> Iterator[Finding]:
        """RM316: rooms without choices that lead into one another for ever."""
        onward: dict[str, str] = {}
        for scene, _, room in self.study.rooms():
            if not room["choices"] and room["goto"] and room["goto"][0][0] is None:
                onward[room["address"]] = self.target(scene, room["goto"][0][1])
        walked: set[str] = set()
        for start in onward:
            trail: dict[str, None] = {}
            here = start
            while here in onward and here not in trail and here not in walked:
                trail[here] = None
                here = onward[here]
            walked |= set(trail)
            if here in trail:
                circle = list(trail)[list(trail).index(here) :]
                scene, way = here.partition("/")[0], self.ways[here]
                said = f"these lead into one another for ever: {' → '.join([*circle, here])}"
                yield self.study.at_key(scene, (*way, "goto"), "RM316", said, "give one of them a choice, or a way out", "error")

    @cached_property
    def own_rooms(self) -> dict[str, set[str]]:
        """Scene → its rooms but for the opening."""
        return {id: {room["id"] for room in body["passages"]} - {""} for id, body in self.study.scenes.items()}

    def target(self, scene: str, to: str) -> str:
        return f"{scene}/{to}" if to in self.own_rooms[scene] else to

    def no_way_out(self) -> Iterator[Finding]:
        """RM317: rooms whose every choice leads back among them."""
        rooms = {room["address"]: room for _, _, room in self.study.rooms()}
        ways = {room["address"]: self.exits(scene, room) for scene, _, room in self.study.rooms()}
        into: dict[str, list[str]] = {}
        for address, targets in ways.items():
            for target in targets:
                into.setdefault(target, []).append(address)
        out, waiting = set[str](), [""]
        while waiting:
            found = [address for address in into.get(waiting.pop(), ()) if address not in out]
            out.update(found)
            waiting += found
        for address in ways:
            if address not in out and self.reach.passages.get(address) and rooms[address]["choices"]:
                scene, way = address.partition("/")[0], self.ways[address]
                said = "from here every choice leads back here: there is no way out"
                hint = "let one choice go on: goto: next"
                yield self.study.at_key(scene, (*way, "choices"), "RM317", said, hint, "error")

    def exits(self, scene: str, room: Form) -> set[str]:
        """Where a room leads; "" is out of all rooms: on with the turn, to an end, or to where nothing is open."""
        onward = {self.target(scene, to) for _, to in room["goto"]}
        if not room["goto"] or all(tree is not None for tree, _ in room["goto"]):
            onward.add("next")
        found: set[str] = set() if room["choices"] else set(onward)
        if room["choices"] and all(choice["needs"] for choice in room["choices"]):
            found |= onward  # all may be locked: "Go on"
        for choice in room["choices"]:
            targets = {self.target(scene, to) for _, to in choice["goto"]}
            open_ended = not choice["goto"] or all(tree is not None for tree, _ in choice["goto"])
            found |= targets | (onward if open_ended or room["take"] else set())
            if any(effect[0] == "end" for effect in choice["do"]):
                found.add("next")
        return {"" if to in ("next", "council", "end") else to for to in found}

    def only_clamps(self) -> Iterator[Finding]:
        """RM318: an effect that can change nothing, because the number is at its end already."""
        ranges = {q["name"]: (q["low"], q["high"]) for q in self.study.form["qualities"] if q["type"] == "number"}
        for scene, way, choice in self.study.choices():
            moves = [e for e in choice["do"] if e[0] in ("+=", "-=") and e[2][0] == "int" and e[1] in ranges]
            if not moves:
                continue
            room = way[1] if way[:1] == ("passages",) else ""
            given = [*(self.grants.at(scene, str(room)) if way else ()), *(need[0] for need in choice["needs"])]
            here = narrowed(given, self.declared) if given else self.declared
            if here is None:
                continue
            for i, effect in enumerate(choice["do"]):
                if effect not in moves or any(other[1] == effect[1] for other in choice["do"][:i] if len(other) > 1):
                    continue
                low, high = here[effect[1]]
                up = (effect[0] == "+=") == (effect[2][1] > 0)
                end = ranges[effect[1]][1] if up else ranges[effect[1]][0]
                if effect[2][1] == 0 or (low == high == end):
                    said = f"'{effect[1]}' is {end} here already: this changes nothing" if effect[2][1] else "this changes nothing"
                    yield self.study.finding(scene, (*way, "do", i), "RM318", said, "take it out, or change the need")


def _timely(tree: Any, derived: Mapping[str, Tree]) -> bool:
    """Whether a condition asks about the calendar, acts or modes: what is to come may make it fail."""
    if not isinstance(tree, list) or not tree:
        return False
    if tree[0] == "compare_date" or (tree[0] == "plain" and tree[1] in ("act", "mode", "year", "turn")):
        return True
    if tree[0] == "derived":
        return _timely(derived.get(tree[1]), derived)
    return any(_timely(part, derived) for part in tree[1:])
