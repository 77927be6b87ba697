"""What can be proved of a story: conditions that cannot hold, scenes that cannot be reached."""

from __future__ import annotations

import contextlib
import itertools
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import STATE as KIT_STATE
from kit import STORY, loaded
from redmexico import engine
from redmexico.errors import EndlessStory
from redmexico.expression import MAX_INT, Tree, compiled
from redmexico.grammar import FLAG, day_range, parse
from redmexico.loader.pack import load_form
from redmexico.logic.assumed import Grants, assumed
from redmexico.logic.branches import branches, texts
from redmexico.logic.domains import Domains
from redmexico.logic.reach import Reach, reach
from redmexico.logic.solve import Verdict, always, narrowed, possible
from redmexico.unparse import expression_text

CONTENT = Path(__file__).resolve().parent.parent / "content"

STATE = """
a: {start: 0, range: 0..10}
b: {start: 0, range: -5..5}
c: {start: 0, range: 0..6}
d: {start: 0, range: 0..100}
wide: {start: 0}
broad: {start: 0}
yes: flag
ja: flag
truce: {start: none, one_of: [none, offered, made, broken]}
pact: {start: none, one_of: [none, made, torn]}
debts: {set: [gate, bell, hats]}
church: {kind: faction, strength: {start: 6, range: 0..10}, temper: {start: -2, range: -5..5}}
owners: {kind: faction, strength: {start: 3, range: 0..10}, temper: {start: 0, range: -5..5}}
derived:
  strain: sum(faction, max(0, -it.temper) if it.strength > 0 else 0) // max(1, count(faction, it.strength > 0))
  calm: strain < 2 and yes
"""
EVENTS = """
- id: rising
  line: history
  date: 1940-07
  title: The rising
  weight: 3
  window: 1940-03..1940-10
  pulls: [{pull: 1, because: always}, {if: a >= 5, pull: 3, because: a}, {if: truce == made, pull: -4, because: truce}]
  threshold: 2
  variants: [{id: barracks, if: b < -2}]
"""
SCENE = """
title: The hill
text: A hill.
choices: [{id: up, label: Up}, {id: down, label: Down}]
invented: true
"""
PACK = loaded(state=STATE, events=EVENTS, scene__hill=SCENE, story=STORY.replace("status: [bread]", "status: [a]"), endings="endings: [{id: over, title: Over, kind: act, text: It was over.}]\n")
assert not PACK.errors, PACK.errors


def names_of(pack: Any) -> Any:
    """The declared names with their types, as an expression is read with."""
    from redmexico.grammar import Names, Type

    names = Names()
    for q in pack.form["qualities"]:
        names.qualities[q["name"]] = Type(q["type"], tuple(q["words"]))
        base, _, part = q["name"].rpartition(".")
        if q["kind"]:
            names.kinds.setdefault(q["kind"], {}).setdefault(part if base else "", []).append(q["name"])
    for name, tree in pack.form["derived"]:
        names.qualities[name] = Type("flag" if tree[0] in ("and", "or", "not", "compare") else "number")
        names.derived.add(name)
    names.scenes |= {card["id"] for card in pack.form["cards"]}
    names.choices |= {c["address"] for body in pack.scenes.values() for room in body["passages"] for c in room["choices"]}
    names.events |= {e["id"] for e in pack.form["events"]}
    names.variants = {e["id"]: tuple(v["id"] for v in e["variants"]) for e in pack.form["events"]}
    names.acts = tuple(a["id"] for a in pack.form["acts"])
    names.modes = tuple(m["id"] for m in pack.form["modes"])
    names.lines = tuple(line[0] for line in pack.form["lines"])
    return names


NAMES = names_of(PACK)
DECLARED = Domains.declared(PACK.form)


def tree(text: str) -> Tree:
    return parse(text, NAMES, FLAG)


def answer(*texts: str, **values: Any) -> Verdict:
    return possible([tree(text) for text in texts], DECLARED.but(values)).verdict


@pytest.mark.parametrize(
    "texts",
    [
        ("a > 10",), ("a >= 3", "a < 3"), ("a + b > 15",), ("a > b", "b > a"), ("wide > broad", "broad > wide"), ("2 * a == 7",), ("a * a == 50",), ("a % 3 == 3",),
        ("a // 3 > 3",), ("a // 0 != 0",), ("a % 0 != 0",), ("wide * wide > 1000000000",), ("truce == made", "truce != made"), ("truce == pact", "truce == offered"),
        ("truce in (made, broken)", "truce in (none, offered)"), ("yes and not yes",), ("yes == ja", "yes != ja"), ("bell in debts", "bell not in debts"),
        ("date < 1940-06", "date >= 1940-06"), ("year == 1940", "date > 1940"), ("year == 1941", "date == 1940-12"), ("min(a, c) > 6",), ("max(a, b) < 0",), ("abs(b) > 5",),
        ("abs(b) >= 3", "b > -3", "b < 3"), ("clamp(d, 2, 8) == 9",), ("clamp(d, 5, 3) == 4",), ("(a if yes else c) > 6", "not yes"), ("(truce if yes else pact) == broken", "not yes"),
        ("strain > 5",), ("calm", "strain >= 2"), ("calm", "not yes"), ("count(faction, it.strength > 3) == 3",), ("sum(faction, it.temper) > 10",),
        ("happened(rising)", "averted(rising)"), ("verdict(rising) == kept", "not happened(rising)"), ("variant(rising) == barracks", "verdict(rising) != altered"),
        ("pull(rising) > 4",), ("pull(rising) >= 2", "truce == made"), ("pull(rising) >= 2", "a < 5"), ("due(rising)", "date < 1940-07"), ("divergence(history) > 100",),
        ("visits(hill) < 0",), ("chosen(hill/up)", "visits(hill) == 0"), ("since(hill) >= 0", "visits(hill) == 0"), ("since(hill) == -1", "visits(hill) == 1"),
        ("chosen(hill/up)", "since(hill) < 0"), ("act != one",), ("mode == carbon", "mode == blind"), ("turn < 0",), ("chosen(hill)", "visits(hill) == 0"),
    ],
)  # fmt: skip
def test_what_cannot_hold_is_proved(texts: tuple[str, ...]) -> None:
    assert answer(*texts) is Verdict.NO


@pytest.mark.parametrize(
    "texts",
    [
        ("a == 10",), ("a + b == 15",), ("a != b",), ("wide > broad",), ("a * a == 49",), ("a // 3 == 3",), ("a // b == -10",), ("a % -3 == -2",), ("wide * broad == -1000000000",),
        ("truce == pact", "truce != none"), ("clamp(d, 5, 3) == 5",), ("strain == 5",), ("calm", "strain == 1"), ("count(faction, it.strength > 3) == 1",), ("pull(rising) == -3",),
        ("variant(rising) == barracks", "happened(rising)"), ("verdict(rising) == open", "due(rising)"), ("since(hill) == 3", "visits(hill) > 2"), ("mode == carbon",), ("not chosen(hill/up)", "visits(hill) > 0"),
    ],
)  # fmt: skip
def test_what_can_hold_has_a_witness(texts: tuple[str, ...]) -> None:
    found = possible([tree(text) for text in texts], DECLARED)
    assert found.verdict is Verdict.YES and found.witness is not None
    assert Tiny(found.witness).holds(texts)


class Tiny:
    """A witness as a state and a world, so that the engine's own functions judge it."""

    def __init__(self, witness: Any) -> None:
        self.witness = dict(witness)

    def get(self, name: str) -> int | str:
        domain = DECLARED[name]
        return self.witness.get(name, min(domain))

    def holds(self, texts: tuple[str, ...]) -> bool:
        story = PACK.story()
        state: dict[str, Any] = {}
        for q in story.qualities.values():
            if q.type == "set":
                state[q.name] = tuple(word for word in q.words if self.get(f"{q.name}:{word}"))
            else:
                state[q.name] = bool(self.get(q.name)) if q.type == "flag" else self.get(q.name)
        day = self.get("!date")
        state |= {"!date": day, "!turn": self.get("!turn"), "!act": self.get("!act"), "!mode": self.get("!mode"), "!visits.hill": self.get("!visits.hill")}
        since = self.get("!since.hill")
        if isinstance(since, int) and since >= 0:
            year, month = divmod(1940 * 12 + 5 - since, 12)
            state |= {"!date": day_range("1940-06-15")[0], "!last.hill": day_range(f"{year:04}-{month + 1:02}-15")[0]}
        state |= {f"!chosen.{a}": 1 for a in ("hill/up", "hill/down") if self.get(f"!chosen.{a}")}
        fate, _, shape = str(self.get("!event.rising")).partition("/")
        if fate != "open":
            state["!event.rising"] = fate
        if shape:
            state["!variant.rising"] = shape
        return all(compiled(tree(text))(state, engine.world_of(story)) for text in texts)


def test_a_budget_that_is_spent_leaves_the_question_open() -> None:
    hard = tree("wide * broad == 999999937 and wide > 1 and broad > 1")
    assert possible([hard], DECLARED, budget=50).verdict is Verdict.UNKNOWN


def test_what_always_holds_is_told_from_what_mostly_holds() -> None:
    assert always(tree("a >= 0 and (yes or not yes)"), DECLARED)
    assert always(None, DECLARED)
    assert not always(tree("a >= 1"), DECLARED)
    assert always(tree("a >= 1"), DECLARED.but({"a": (2, 9)}))


def test_narrowing_gives_the_hull_of_what_can_be() -> None:
    found = narrowed([tree("a + c >= 14"), tree("truce != none")], DECLARED)
    assert found is not None
    assert (found["a"], found["c"]) == ((8, 10), (4, 6))
    assert found["truce"] == {"offered", "made", "broken"}
    assert found["b"] == (-5, 5)
    either = narrowed([tree("a == 2 or a == 7")], DECLARED)
    assert either is not None and either["a"] == (2, 7) and either.said("a") == "2..7"
    assert narrowed([tree("a > c"), tree("c >= 10")], DECLARED) is None
    assert narrowed([["bool", False]], DECLARED) is None
    assert narrowed([None], DECLARED) is not None


def test_two_chances_at_one_place_are_one_draw() -> None:
    def chance(percent: int) -> Tree:
        return ["call", "chance", ["int", percent], "hill/up"]

    assert possible([chance(30), ["not", chance(30)]], DECLARED).impossible
    assert possible([chance(30), ["not", chance(50)]], DECLARED).impossible
    assert possible([chance(0)], DECLARED).impossible
    assert possible([chance(50), ["not", chance(30)]], DECLARED).verdict is Verdict.YES


def test_a_computed_quality_that_doubles_itself_again_and_again_is_judged() -> None:
    lines = ["derived:", "  x0: a"] + [f"  x{i}: x{i - 1} + (x{i - 1} if yes else a)" for i in range(1, 9)]
    pack = loaded(state=STATE.split("derived:")[0] + "\n".join(lines), story=STORY.replace("status: [bread]", "status: [a]"), endings="endings: [{id: over, title: Over, kind: act, text: It was over.}]")
    assert not pack.errors
    domains = Domains.declared(pack.form)
    assert possible([["compare", "<", ["derived", "x8"], ["int", 0]]], domains).impossible
    assert possible([["compare", ">", ["derived", "x8"], ["int", 5]]], domains).verdict is Verdict.YES


# z3 as an oracle

class Oracle:
    """The same trees for z3: an independent reading of the language."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}
        self.bounds: list[Any] = []
        self.codes: dict[str, int] = {}

    def word(self, word: str) -> Any:
        return z3.IntVal(self.codes.setdefault(word, len(self.codes)))

    def name(self, name: str) -> Any:
        if name not in self.asked:
            domain = DECLARED[name]
            x = self.asked[name] = z3.Int(name)
            if isinstance(domain, frozenset):
                self.bounds.append(z3.Or([x == self.word(word) for word in sorted(domain)]))
            else:
                self.bounds += [x >= domain[0], x <= domain[1]]
        return self.asked[name]

    def read(self, tree: Tree, it: str = "") -> Any:
        return getattr(self, "on_" + tree[0])(tree, it)

    def on_int(self, t: Tree, it: str) -> Any:
        return z3.IntVal(t[1])

    def on_bool(self, t: Tree, it: str) -> Any:
        return z3.BoolVal(t[1])

    def on_word(self, t: Tree, it: str) -> Any:
        return self.word(t[1])

    def on_quality(self, t: Tree, it: str) -> Any:
        return self.name(t[1]) == 1 if NAMES.qualities[t[1]].kind == "flag" else self.name(t[1])

    def on_derived(self, t: Tree, it: str) -> Any:
        return self.read(dict(PACK.form["derived"])[t[1]])

    def on_plain(self, t: Tree, it: str) -> Any:
        if t[1] != "year":
            return self.name("!" + t[1])
        day, years = self.name("!date"), z3.IntVal(0)
        for year in range(1930, 1960):
            years = z3.If(z3.And(day >= day_range(str(year))[0], day <= day_range(str(year))[1]), year, years)
        return years

    def on_it(self, t: Tree, it: str) -> Any:
        return self.name(f"{it}.{t[1]}")

    def on_not(self, t: Tree, it: str) -> Any:
        return z3.Not(self.read(t[1], it))

    def on_and(self, t: Tree, it: str) -> Any:
        return z3.And([self.read(part, it) for part in t[1:]])

    def on_or(self, t: Tree, it: str) -> Any:
        return z3.Or([self.read(part, it) for part in t[1:]])

    def on_minus(self, t: Tree, it: str) -> Any:
        return -self.read(t[1], it)

    def on_arithmetic(self, t: Tree, it: str) -> Any:
        a, b = self.read(t[2], it), self.read(t[3], it)
        if t[1] == "*":
            return z3.If(a * b > MAX_INT, MAX_INT, z3.If(a * b < -MAX_INT, -MAX_INT, a * b))
        if t[1] == "//":
            return z3.If(b > 0, a / b, z3.If(b < 0, (-a) / (-b), 0))
        if t[1] == "%":
            return z3.If(b > 0, a - b * (a / b), z3.If(b < 0, a - b * ((-a) / (-b)), 0))
        return a + b if t[1] == "+" else a - b

    def on_ifelse(self, t: Tree, it: str) -> Any:
        return z3.If(self.read(t[1], it), self.read(t[2], it), self.read(t[3], it))

    def on_compare(self, t: Tree, it: str) -> Any:
        a, b = self.read(t[2], it), self.read(t[3], it)
        return {"==": lambda: a == b, "!=": lambda: a != b, "<": lambda: a < b, "<=": lambda: a <= b, ">": lambda: a > b, ">=": lambda: a >= b}[t[1]]()

    def on_compare_date(self, t: Tree, it: str) -> Any:
        day, first, last = self.name("!date"), t[2], t[3]
        inside = z3.And(day >= first, day <= last)
        return {"==": inside, "!=": z3.Not(inside), "<": day < first, "<=": day <= last, ">": day > last, ">=": day >= first}[t[1]]

    def on_among(self, t: Tree, it: str) -> Any:
        return z3.Or([self.read(t[1], it) == self.read(part, it) for part in t[2:]])

    def on_has(self, t: Tree, it: str) -> Any:
        return self.name(f"{t[2][1]}:{t[1]}") == 1

    def on_fold(self, t: Tree, it: str) -> Any:
        parts = [self.read(t[3], base) for base in t[2]]
        return z3.Sum([z3.If(part, 1, 0) for part in parts] if t[1] == "count" else parts)

    def on_call(self, t: Tree, it: str) -> Any:
        if t[1] in ("visits", "since", "divergence"):
            return self.name(f"!{t[1]}.{t[2]}")
        if t[1] == "chosen":
            return self.name(f"!chosen.{t[2]}") == 1
        if t[1] == "due":
            return self.name("!date") >= day_range("1940-07")[0]
        if t[1] == "pull":
            return z3.Sum([z3.If(z3.BoolVal(True) if cause is None else self.read(cause), n, 0) for cause, n, _ in PACK.form["events"][0]["pulls"]])
        if t[1] in ("happened", "averted", "verdict", "variant"):
            return self.fate(t[1])
        parts = [self.read(part, it) for part in t[2:]]
        if t[1] == "abs":
            return z3.If(parts[0] < 0, -parts[0], parts[0])
        if t[1] == "clamp":
            value, low, high = parts
            return z3.If(value < low, low, z3.If(value > high, high, value))
        found = parts[0]
        for part in parts[1:]:
            found = z3.If((part < found) if t[1] == "min" else (part > found), part, found)
        return found

    def fate(self, asked: str) -> Any:
        """A verdict and a shape, tied together as the engine ties them."""
        if "verdict" not in self.asked:
            verdict = self.asked["verdict"] = z3.Int("verdict")
            variant = self.asked["variant"] = z3.Int("variant")
            self.bounds.append(z3.Or([verdict == self.word(w) for w in ("open", "kept", "early", "late", "altered", "averted", "unwritten")]))
            self.bounds.append(z3.Or(variant == self.word("none"), variant == self.word("barracks")))
            self.bounds.append((variant != self.word("none")) == (verdict == self.word("altered")))
        verdict = self.asked["verdict"]
        if asked == "happened":
            return z3.And(verdict != self.word("open"), verdict != self.word("averted"))
        return verdict == self.word("averted") if asked == "averted" else self.asked[asked]

    def possible(self, trees: list[Tree]) -> bool | None:
        """Whether z3 finds a state; None where it gives up."""
        claims = [self.read(tree) for tree in trees]
        for chosen in ("!chosen.hill/up", "!chosen.hill/down"):
            if chosen in self.asked:
                self.bounds.append(z3.Implies(self.name(chosen) == 1, z3.And(self.name("!visits.hill") >= 1, self.name("!since.hill") >= 0)))
        self.bounds.append((self.name("!visits.hill") >= 1) == (self.name("!since.hill") >= 0))
        if "!date" in self.asked:
            self.bounds += [self.name("!date") >= day_range("1930")[0], self.name("!date") <= day_range("1959")[1]]
        solver = z3.Solver()
        solver.set("rlimit", 4_000_000)
        solver.add(*self.bounds, *claims)
        found = solver.check()
        return None if found == z3.unknown else found == z3.sat


THESE_YEARS = {"!date": (day_range("1930")[0], day_range("1959")[1])}

NUMBERS = ("a", "b", "c", "d", "church.strength", "church.temper", "owners.temper")
OPERATORS = ("==", "!=", "<", "<=", ">", ">=")


class Writer:
    """Made-up conditions of the sort that writers write."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def one(self, *options: str) -> str:
        return self.random.choice(options)

    def number(self, depth: int = 1) -> str:
        if depth == 0 or self.random.random() < 0.6:
            return self.one(*NUMBERS)
        a, b = self.number(depth - 1), self.number(depth - 1)
        n = self.random.randint(1, 4)
        if self.random.random() < 0.06:
            return f"({a} if {self.flag(0)} else {b})"
        return self.one(
            f"({a} + {b})", f"({a} - {b})", f"({a} + {n})", f"({a} * {n})", f"({a} // {n})", f"({a} % {n + 1})", f"min({a}, {b})", f"max({a}, {b})", f"abs({a})",
            f"clamp({a}, {-n}, {n})", "sum(faction, it.temper)", f"count(faction, it.strength > {n})", "pull(rising)", "visits(hill)", "since(hill)",
            "strain", f"(-{a})",
        )  # fmt: skip

    def flag(self, depth: int = 2) -> str:
        roll = self.random.random()
        if depth and roll < 0.55:
            parts = [self.flag(depth - 1) for _ in range(self.random.choice((2, 2, 3)))]
            return "(" + f" {self.one('and', 'and', 'or')} ".join(parts) + ")"
        if depth and roll < 0.65:
            return f"not {self.flag(depth - 1)}"
        n, number = self.random.randint(-4, 11), self.one(*NUMBERS) if self.random.random() < 0.4 else self.number()
        if roll > 0.8:
            return f"{number} {self.one(*OPERATORS)} {self.number()}"
        year = self.random.randint(1938, 1942)
        month = f"{year}-{self.random.randint(1, 12):02}"
        return self.one(
            *[f"{number} {operator} {n}" for operator in OPERATORS], f"{self.one(*NUMBERS)} in ({n}, {n + 3})",
            f"truce {self.one('==', '!=')} {self.one('none', 'offered', 'made', 'broken')}", f"pact {self.one('==', '!=')} {self.one('none', 'made', 'torn')}", "truce == pact",
            f"truce in ({self.one('none', 'made')}, {self.one('offered', 'broken')})", "yes", "ja", "yes == ja", "yes != ja", f"{self.one('gate', 'bell', 'hats')} in debts", "bell not in debts",
            f"date {self.one(*OPERATORS)} {month}", f"date {self.one('<', '>=')} {month}-11", f"year {self.one(*OPERATORS)} {year}", "chosen(hill/up)", "chosen(hill/down)", "visits(hill) >= 1",
            "happened(rising)", "averted(rising)", f"verdict(rising) == {self.one('open', 'kept', 'late', 'altered')}", "variant(rising) == barracks", "due(rising)", "calm",
            f"divergence(history) > {abs(n) * 10}", f"(truce if {self.one('yes', 'ja')} else pact) == made",
        )  # fmt: skip


    def short(self, depth: int) -> str:
        """A condition that is no longer than the language allows."""
        return next(said for said in iter(lambda: self.flag(depth), "") if len(said) <= 500)


def random_conditions(seed: int, many: int) -> list[Tree]:
    """Two or three conditions together each, as gate and need are."""
    writer = Writer(seed)
    return [["and", *(tree(writer.short(2)) for _ in range(writer.random.randint(1, 3)))] for _ in range(many)]


def test_the_same_verdict_as_z3_on_what_writers_write() -> None:
    domains = DECLARED.but(THESE_YEARS)
    counts: Counter[tuple[bool | None, str]] = Counter()
    for condition in random_conditions(1937, 3_500):
        theirs = Oracle().possible([condition])
        ours = possible([condition], domains).verdict
        assert not (ours is Verdict.NO and theirs is True), condition
        assert not (ours is Verdict.YES and theirs is False), condition
        counts[theirs, ours.value] += 1
    assert counts[True, "yes"] + counts[False, "no"] >= 3_465, counts
    assert counts[False, "no"] >= 200


@given(st.integers(0, 2**32), st.integers(1, 3))
@settings(max_examples=150, deadline=None)
def test_what_is_called_impossible_z3_calls_impossible(seed: int, many: int) -> None:
    writer = Writer(seed)
    conditions = [tree(writer.short(3)) for _ in range(many)]
    domains = DECLARED.but(THESE_YEARS)
    answer = possible(conditions, domains).verdict
    if answer is not Verdict.UNKNOWN:
        assert Oracle().possible(conditions) in (None, answer is Verdict.YES)


# every value of tiny domains, one by one

TINY = {"a": (0, 3), "b": (-2, 2), "c": (0, 2), "yes": (0, 1)}


def tiny_numbers() -> st.SearchStrategy[Tree]:
    leaves = st.one_of(
        st.sampled_from(["a", "b", "c"]).map(lambda name: ["quality", name]), st.integers(-3, 4).map(lambda n: ["int", n]), st.sampled_from([["int", MAX_INT], ["int", 1 - MAX_INT]])
    )
    return st.recursive(
        leaves,
        lambda x: st.one_of(
            st.tuples(st.just("arithmetic"), st.sampled_from(["+", "-", "*", "//", "%"]), x, x).map(list), st.tuples(st.just("call"), st.just("clamp"), x, x, x).map(list),
            st.tuples(st.just("call"), st.sampled_from(["min", "max"]), x, x).map(list), st.tuples(st.just("call"), st.just("abs"), x).map(list), st.tuples(st.just("minus"), x).map(list),
            st.tuples(st.just("ifelse"), st.just(["quality", "yes"]), x, x).map(list),
        ),
        max_leaves=6,
    )  # fmt: skip


def tiny_claims() -> st.SearchStrategy[Tree]:
    number = tiny_numbers()
    one = st.one_of(
        st.tuples(st.just("compare"), st.sampled_from(OPERATORS), number, number).map(list), st.tuples(st.just("among"), number, number, number).map(list), st.just(["quality", "yes"])
    )
    return st.recursive(
        one,
        lambda x: st.one_of(
            st.tuples(st.sampled_from(["and", "or"]), x, x).map(list), st.tuples(st.just("not"), x).map(list), st.tuples(st.just("compare"), st.sampled_from(["==", "!="]), x, x).map(list),
            st.tuples(st.just("ifelse"), x, x, x).map(list),
        ),
        max_leaves=4,
    )  # fmt: skip


@given(st.lists(tiny_claims(), min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_every_value_of_tiny_domains_agrees(conditions: list[Tree]) -> None:
    functions = [compiled(condition) for condition in conditions]
    names = list(TINY)
    found = []
    for values in itertools.product(*(range(low, high + 1) for low, high in TINY.values())):
        state = dict(zip(names, values, strict=True)) | {"yes": bool(values[3])}
        if all(f(state, None) for f in functions):
            found.append(values)
    domains = DECLARED.but(TINY)
    answer = possible(conditions, domains, budget=500_000)
    assert answer.verdict is (Verdict.YES if found else Verdict.NO)
    hulls = narrowed(conditions, domains, budget=500_000)
    assert (hulls is None) is (not found)
    read = {name for condition in conditions for name in domains.reading.claim(condition).names}
    if answer.witness is not None:
        whole = tuple(answer.witness.get(name, TINY[name][0]) for name in names)
        assert whole in found
        assert hulls is not None
        for i, name in enumerate(names):
            if name in read:
                assert hulls[name] == (min(v[i] for v in found), max(v[i] for v in found))


# what can be reached


def reached(**texts_: str) -> Reach:
    pack = loaded(**texts_)
    assert not pack.errors, pack.errors
    return reach(pack.form, pack.scenes)


HALL = """
title: The hall
due: true
text: A hall.
choices: [{id: bow, label: Bow, do: [bread += 1]}, {id: pay, label: Pay, needs: [{if: bread >= 9}]}]
"""


def test_a_scene_behind_a_word_that_nothing_sets_is_never_reached() -> None:
    found = reached(scene__hall=HALL, scene__treaty="title: T\nwhen: {if: truce == made}\ndue: true\ntext: T.\nchoices: [{id: sign, label: Sign}]")
    assert found.scenes == {"hall": True, "treaty": False}
    assert found.choices == {"hall/bow": True, "hall/pay": False, "treaty/sign": False}
    assert found.reasons["scene", "treaty"].text == "'truce == made' never holds: nothing ever sets truce to made"
    assert found.reasons["scene", "treaty"].names == (("truce", "none"),)
    assert found.reasons["choice", "hall/pay"].text == "'bread >= 9' never holds: bread can be 4..5 at most"
    assert found.reasons["choice", "treaty/sign"].text == "treaty is never reached"
    assert found.domains["bread"] == (4, 5)


def test_a_number_that_can_be_raised_again_and_again_has_no_bound_but_its_range() -> None:
    found = reached(scene__hall=HALL + "repeat: true\n")
    assert found.domains["bread"] == (4, 10) and found.choices["hall/pay"]


def test_a_passage_that_leads_back_to_itself_raises_without_end() -> None:
    found = reached(
        scene__hall="title: H\ndue: true\ntext: H.\ngoto: well\npassages:\n  well: {text: W., choices: [{id: draw, label: D, do: [bread += 1], goto: well}, {id: leave, label: L, needs: [{if: bread >= 9}], goto: next}]}"
    )
    assert found.choices["hall/leave"] and found.passages["hall/well"]


def test_a_scene_behind_a_dead_scene_is_dead() -> None:
    found = reached(
        scene__hall="title: H\nwhen: {if: arms > 2}\ndue: true\ntext: H.\nchoices: [{id: go, label: Go, do: [truce = made], goto: yard}]",
        scene__yard="title: Y\ntext: Y.\nchoices: [{id: sit, label: Sit}]", scene__later_on="title: L\nwhen: {if: chosen(hall/go) or visits(yard) >= 1}\ndue: true\ntext: L.",
    )  # fmt: skip
    assert not any(found.scenes.values())
    assert found.reasons["scene", "yard"].text == "only hall leads to it, and never does"
    assert "hall/go can never be chosen" in found.reasons["scene", "later_on"].text
    assert "yard is never reached" in found.reasons["scene", "later_on"].text


def test_scenes_outside_every_act_and_cards_of_no_council_are_dead() -> None:
    found = reached(
        scene__early="title: E\nwhen: {until: 1939-12}\ndue: true\ntext: E.", scene__card="title: C\ndraw: {deck: house}\nchoices: [{id: a, label: A}]\ntext: C.", scene__lost="title: L\ntext: L.",
    )  # fmt: skip
    assert found.reasons["scene", "early"].text == "its window touches no day of an act that is reached"
    assert found.reasons["scene", "card"].text == "no act that is reached has the deck 'house' in its council"
    assert found.reasons["scene", "lost"].text == "nothing leads to it"


def test_a_bill_brings_a_scene_an_effect_and_an_event() -> None:
    event = "- {id: siege, line: history, date: 1950, title: S, do: [truce = made], scene: breach}"
    hall = "title: H\ndue: true\ntext: H.\nchoices:\n  - id: owe\n    label: Owe\n    later:\n      - {in: 2 months, scene: collector, else: nobody}\n      - {in: 2 months, do: [page_kept = true]}\n      - {in: 1 month, event: siege}"
    scenes = {f"scene__{id}": f"title: {id}\ntext: X.\nwhen: {{if: {gate}}}\n" for id, gate in (("collector", "page_kept"), ("nobody", "true"), ("breach", "truce == made"), ("other", "page_kept"))}
    found = reached(events=event, scene__hall=hall, **scenes)
    assert found.scenes == {"hall": True, "collector": True, "nobody": True, "breach": True, "other": False}
    assert found.comes == {"siege": True} and found.averted == {"siege": False}
    without = reached(events=event, scene__hall=HALL, **scenes)
    assert not any(without.scenes[id] for id in ("collector", "nobody", "breach"))
    assert without.reasons["scene", "collector"].text == "nothing leads to it"
    assert without.reasons["comes", "siege"].text == "its days lie in no act that is reached"


EVENT = """
- id: siege
  line: history
  date: 1940-06-10
  title: The siege
  window: 1940-05..1940-08
  pulls: [{pull: 2, because: it was late}, {if: bread >= 5, pull: 2, because: there was bread}, {if: truce == made, pull: 9, because: never}]
  threshold: %d
  scene: breach
  otherwise: [{if: arms >= 5, scene: feast}, {scene: relief}]
"""


@pytest.mark.parametrize(("threshold", "comes", "averted"), [(2, True, False), (4, True, True), (5, False, True)])
def test_an_event_comes_only_if_its_causes_can_suffice(threshold: int, comes: bool, averted: bool) -> None:
    scenes = {f"scene__{id}": f"title: {id}\ntext: X.\n" for id in ("breach", "feast", "relief")}
    found = reached(events=EVENT % threshold, scene__hall=HALL, **scenes)
    assert (found.comes["siege"], found.averted["siege"]) == (comes, averted)
    assert (found.scenes["breach"], found.scenes["feast"], found.scenes["relief"]) == (comes, False, averted)
    if not comes:
        assert found.reasons["comes", "siege"].text == "'pull(siege) >= 5' never holds: pull(siege) can be 2..4 at most"


def test_what_a_scene_decides_is_what_it_leaves() -> None:
    event = "- {id: vote, line: history, date: 1940-03-01, title: V, scene: hall, outcomes: [{as: kept, if: bread >= 5}, {as: spoilt, if: truce == made}]}"
    found = reached(events=event, scene__hall="title: H\ntext: H.\nchoices: [{id: bow, label: Bow, do: [bread += 1]}]", scene__after="title: A\nwhen: {if: variant(vote) == spoilt}\ndue: true\ntext: A.")
    assert found.comes["vote"] and found.averted["vote"] and not found.scenes["after"]
    assert found.domains["!event.vote"] == {"open", "kept", "averted"}


def test_a_start_in_the_middle_has_what_was_recorded_before_it() -> None:
    story = STORY.replace("act: one}]", "act: one}, {id: second, title: Two, act: two, as: history, events: {flood: wet}, do: [truce = offered], scene: yard}]").replace(
        "    next: [{ending: rules}]", "    next: [{if: arms >= 5, act: two}]\n  - {id: two, title: Two, goal: G, from: 1942, until: 1942, turn: whole, next: [{ending: rules}]}"
    )
    events = "- {id: flood, line: history, date: 1941, title: F, external: true, variants: [{id: wet, if: arms > 9}]}\n- {id: fire, line: history, date: 1941-02, title: F, external: true}"
    found = reached(story=story, events=events, scene__yard="title: Y\ntext: Y.\nwhen: {if: arms > 9}", scene__hall="title: H\nwhen: {if: act == two and truce == offered}\ndue: true\ntext: H.")
    assert found.acts == {"one": True, "two": True} and found.scenes == {"yard": True, "hall": True}
    assert found.domains["!event.flood"] == {"open", "altered/wet"} and found.domains["!event.fire"] == {"open", "kept"}
    assert (found.places["hall"].first, found.places["hall"].last) == day_range("1942")
    assert list(found.places["hall"].acts) == ["two"]


def test_branches_of_prose_that_can_never_be_read_are_told() -> None:
    found = reached(
        scene__hall="""
        title: H
        due: true
        when: {if: bread >= 4, until: 1940-06}
        text: "{if bread < 4: Thin. | elif bread < 9: {if arms == 2: Two. | else: More.} | else: Fat.} {if date >= 1940-07: Late. | else: Soon.}"
        choices: [{id: eat, label: "{if bread < 4: No|else: Eat}", do: [bread -= 1], text: "{if bread >= 4: Left. | else: Gone.}"}, {id: beg, label: B, needs: [{if: bread < 4}], text: B.}]
        """
    )
    assert [found.branches["hall", "text", i] for i in range(7)] == [False, True, True, False, False, False, True]
    assert [found.branches["hall/eat", "label", i] for i in range(2)] == [True, True]
    assert [found.branches["hall/eat", "text", i] for i in range(2)] == [True, True]
    assert not found.choices["hall/beg"]
    assert found.reasons["choice", "hall/beg"].text == "'bread >= 4' and 'bread < 4' cannot hold together"
    assert found.reasons["branch", ("hall", "text", 3)].text == "'arms == 2' always holds, and comes before"


# what may be taken for granted


def granted(passage: str = "", **texts_: str) -> list[str]:
    pack = loaded(**texts_)
    assert not pack.errors, pack.errors
    return [expression_text(tree, pack.form) for tree in assumed(pack.form, pack.scenes, "hall", passage)]


GATED = "title: H\n%s\nwhen: {if: bread >= 4 and arms < 3 and visits(hall) == 0 and not chosen(hall/bow), from: 1940-02}\ntext: H.\n"
BOW = "choices: [{id: bow, label: B, do: [bread -= 1]%s}, {id: sit, label: S}]\n"
ROOM = "passages: {room: {text: R., choices: [{id: out, label: O}]}}\n"


def test_a_gate_holds_at_the_opening_but_for_the_visit_itself() -> None:
    hall = GATED % "due: true" + BOW % ", goto: room" + ROOM
    assert granted(scene__hall=hall) == ["date >= 1940-02-01", "bread >= 4", "arms < 3", "not chosen(hall/bow)"]
    assert granted("room", scene__hall=hall) == ["date >= 1940-02-01", "arms < 3"]


def test_where_choices_follow_one_another_what_they_write_is_not_granted() -> None:
    assert granted(scene__hall=GATED % "due: true" + "take: 2\n" + BOW % "") == ["date >= 1940-02-01", "arms < 3"]


def test_a_scene_entered_by_goto_call_or_start_is_granted_nothing() -> None:
    hall = GATED % "due: true" + BOW % ""
    assert granted(scene__hall=hall, scene__yard="title: Y\ntext: Y.\nchoices: [{id: in, label: I, goto: hall}]") == []
    assert granted(scene__hall=hall, scene__yard="title: Y\ntext: Y.\nchoices: [{id: in, label: I, call: hall}]") == []
    assert granted(scene__hall=hall, story=STORY.replace("act: one}]", "act: one, scene: hall}]")) == []


def test_after_a_call_only_the_days_are_granted() -> None:
    hall = GATED % "due: true" + BOW % ", call: yard, goto: room" + ROOM
    assert granted("room", scene__hall=hall, scene__yard="title: Y\ntext: Y.") == ["date >= 1940-02-01"]


def test_another_order_may_come_between_the_dealing_of_a_card_and_its_taking() -> None:
    hall = GATED % "draw: {deck: house}" + BOW % ""
    other = "title: O\ndraw: {deck: house}\nlabel: O\ndo: [arms += 1]\ntext: O.\n"
    council = STORY.replace("    next:", "    council: {hand: 2, orders: %d, decks: [house]}\n    next:")
    assert granted(scene__hall=hall, scene__other=other, story=council % 1) == ["bread >= 4", "arms < 3", "not chosen(hall/bow)"]
    assert "arms < 3" not in granted(scene__hall=hall, scene__other=other, story=council % 2)


# the shipped story


@pytest.fixture(scope="module")
def shipped() -> tuple[Any, Reach]:
    pack = load_form(CONTENT)
    return pack, reach(pack.form, pack.scenes)


def test_everything_that_bots_meet_in_the_shipped_story_was_held_possible(shipped: tuple[Any, Reach]) -> None:
    pack, found = shipped
    judge = Judge(pack, found)
    for run in range(30):
        judge.play(run)
    assert judge.asked > 1_000


class Judge:
    """Bots play a story; whatever they meet must have been held possible, and what was granted must hold."""

    def __init__(self, pack: Any, found: Reach) -> None:
        self.story, self.found, self.grants = pack.story(), found, Grants(found.domains.reading, pack.scenes)
        self.world = engine.world_of(self.story)
        self.written = {text.address: text for text in texts(pack.form, pack.scenes) if text.field == "text" and text.when == "shown"}
        self.asked = 0

    def play(self, run: int, most: int = 300) -> None:
        starts, modes = list(self.story.starts), list(self.story.modes)
        generator = random.Random(run)
        state = engine.begin(self.story, str(run), starts[run % len(starts)], modes[run % len(modes)]).state
        for _ in range(most):
            self.judge(state)
            if state.get("!ending"):
                break
            ids = engine.open_ids(self.story, state)
            state = engine.advance(self.story, state, ids[generator.randrange(len(ids))]).state

    def can_be(self, name: str, value: Any) -> bool:
        domain = self.found.domains[name]
        return value in domain if isinstance(domain, frozenset) else domain[0] <= value <= domain[1]

    def judge(self, state: Any) -> None:
        for q in self.story.qualities.values():
            if q.type == "set":
                assert all(self.can_be(f"{q.name}:{word}", int(word in state[q.name])) for word in q.words), q.name
            else:
                assert self.can_be(q.name, state[q.name]), (q.name, state[q.name])
        for name, value in state.items():
            kind, _, address = name.partition(".")
            if kind == "!visits":
                assert self.found.passages[address] if "/" in address else self.found.scenes[address] and self.can_be(name, value), name
            elif kind == "!chosen":
                assert self.found.choices[address] and self.can_be(name, 1), name
            elif kind == "!event":
                assert self.can_be(name, f"altered/{state['!variant.' + address]}" if value == "altered" else value), (name, value)
        if state["!scene"] and not state.get("!ending"):
            self.in_scene(state)

    def in_scene(self, state: Any) -> None:
        scene, passage = state["!scene"], state["!passage"]
        address, place = "/".join(part for part in (scene, passage) if part), self.found.places[scene]
        assert self.found.passages[address], address
        assert place.first <= state["!date"] <= place.last and state["!act"] in place.acts, address
        for tree in self.grants.at(scene, passage):
            self.asked += 1
            assert compiled(tree)(state, self.world), address
        if address in self.written:
            for i, branch in enumerate(branches(self.written[address].nodes)):
                holds = all(self.holds(t, state) for t in branch.trees) and not any(self.holds(t, state) for t in branch.denied)
                assert self.found.branches[address, "text", i] or not holds, (address, i)

    def holds(self, tree: Tree, state: Any) -> bool:
        return bool(compiled(tree)(state, self.world))


class Teller:
    """Made-up small stories in which everything that the format has leads into everything."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.scenes = [f"s{i}" for i in range(9)]

    def one(self, *options: str) -> str:
        return self.random.choice(options)

    def maybe(self, chance: float, text: str) -> str:
        return text if self.random.random() < chance else ""

    def condition(self) -> str:
        n, scene = self.random.randint(0, 6), self.one(*self.scenes)
        return self.one(
            f"bread >= {n}", f"arms < {n}", f"church.temper > {n - 3}", f"bread + arms > {n + 4}", "truce == made", "truce != none", "page_kept", "not page_kept", "owes_bell in debts", "act == two",
            f"visits({scene}) >= {n % 3}", f"not chosen({scene}/a)", f"chosen({scene}/b)", f"since({scene}) > {n}", "happened(e0)", "averted(e1)", "verdict(e2) == early", "variant(e0) == v", "pull(e1) >= 2",
            "date >= 1940-05", "year == 1941", f"divergence(history) > {n * 5}", "turn > 2", "mode == carbon", "rich", "rich and arms > 2", "carrier == ortuno",
        )  # fmt: skip

    def effects(self, least: int = 0) -> str:
        n = self.random.randint(1, 2)
        every = [
            f"bread += {n}", f"bread -= {n}", f"arms += {n}", f"arms -= {n}", "arms = bread // 2", "arms += church.temper", "truce = made", "truce = offered if arms > 3 else truce", "debts += owes_bell",
            "debts -= owes_bell", "page_kept = not page_kept", "church.temper += 1", "church.temper -= 1", "hand_over ortuno", "bread = clamp(bread * 2, 0, 7)",
        ]  # fmt: skip
        return "[" + ", ".join(f"'{line}'" for line in self.random.sample(every, self.random.randint(least, 2))) + "]"

    def target(self) -> str:
        return self.one(*self.scenes, "next", "next", "next", "room") if self.random.random() < 0.97 else "end"

    def choice(self, id: str, plant: bool = True) -> str:
        needs = self.maybe(0.4, f", needs: [{{if: '{self.condition()}'}}]")
        goto = self.maybe(0.4, f", goto: [{{if: '{self.condition()}', to: {self.target()}}}, {{to: {self.target()}}}]")
        call = self.maybe(0.12, f", call: {self.one(*self.scenes)}")
        what = self.one(f"scene: {self.one(*self.scenes)}, else: {self.one(*self.scenes)}", f"event: {self.one('e0', 'e1', 'e2')}", f"do: {self.effects(1)}")
        later = self.maybe(0.3, f", later: [{{in: 1..3 months, if: '{self.condition()}', {what}}}]") if plant else ""
        return f"{{id: {id}, label: L, do: {self.effects()}{needs}{goto}{call}{later}}}"

    def scene(self) -> str:
        kind = self.one("due: true", "due: true", "due: {weight: 2}", "due: dispatch", "due: account", "due: open", "due: close", "draw: {deck: house}", "draw: {deck: house, again: 2 months}", "")
        when = self.maybe(0.6, f"if: '{self.condition()}'") or f"from: 1940-0{self.random.randint(1, 9)}"
        text = f"text: '{{if {self.condition()}: A. | elif {self.condition()}: B. | else: C.}}'"
        choices = f"choices: [{self.choice('a')}, {self.choice('b')}, {self.choice('d')}]"
        room = f"passages: {{room: {{{text}, choices: [{self.choice('c')}]}}}}"
        return "\n".join(part for part in ("title: T", kind, f"when: {{{when}}}", self.maybe(0.2, "repeat: true"), self.maybe(0.3, "take: 2"), text, choices, room) if part)

    def order(self) -> str:
        return f"title: O\nlabel: O\ndraw: {{deck: house, weight: 2}}\nwhen: {{if: '{self.condition()}'}}\ndo: {self.effects()}\ntext: O.\n"

    def event(self, id: str) -> str:
        date = f"1940-{self.random.randint(1, 12):02}-{self.random.randint(1, 28):02}"
        how = self.one(
            "external: true", f"outcomes: [{{as: kept, if: '{self.condition()}'}}, {{as: v, if: '{self.condition()}'}}]",
            f"scene: {self.one(*self.scenes)}, outcomes: [{{as: kept, if: '{self.condition()}'}}, {{as: v, if: '{self.condition()}'}}]", f"pulls: [{{pull: 2, because: x}}, {{if: '{self.condition()}', pull: 2, because: y}}], threshold: 3",
            f"pulls: [{{if: '{self.condition()}', pull: 2, because: y}}], scene: {self.one(*self.scenes)}",
        )  # fmt: skip
        needs = self.maybe(0.4, f", needs: '{self.condition()}'")
        variants = self.maybe(1, f", variants: [{{id: v, if: '{self.condition()}', do: {self.effects()}, threshold: 2}}]") if "outcomes" not in how else ""
        otherwise = self.maybe(0.6, f", otherwise: [{{if: '{self.condition()}', scene: {self.one(*self.scenes)}}}, {{event: e{(int(id[1]) + 1) % 3}}}]")
        line = self.one("history", "notebook")
        event = f"- {{id: {id}, line: {line}, date: {date}, window: 1940-01..1941-03, title: E, do: {self.effects()}, {how}{needs}{variants}{otherwise}}}"
        return event.replace("pull(e1) >= 2", "bread >= 2")  # causes do not ask for their own sum

    def files(self) -> dict[str, str]:
        council = "    council: {hand: 3, orders: 2, decks: [house], summon: bread -= 1}\n    scenes: 1\n    next:"
        two = "    next: [{if: '%s', act: two}, {ending: rules}]\n  - {id: two, title: Two, goal: G, from: 1941-01-01, until: 1941-06-30, turn: 3 months, ends: '%s', next: [{ending: rules}]}"
        story = STORY.replace("    next:", council).replace("    next: [{ending: rules}]", two % (self.condition(), self.condition()))
        if self.random.random() < 0.5:
            story = story.replace("act: one}]", "act: one}, {id: second, title: S, act: two, as: history, scene: s1, do: [arms += 3]}]")
        kinds = "\nkinds: {resource: {gain: 'max(1, amount * (6 - church.temper) // 6)'}}\nderived: {rich: bread > 5 or page_kept}\n"
        out = {"story": story, "state": KIT_STATE + kinds, "events": "\n".join(self.event(f"e{i}") for i in range(3))}
        return out | {f"scene__{id}": self.scene() for id in self.scenes} | {"scene__o1": self.order(), "scene__o2": self.order()}


def told(seed: int) -> Any:
    return loaded(**Teller(seed).files())


@pytest.mark.parametrize("seed", range(40))
def test_everything_that_bots_meet_in_made_up_stories_was_held_possible(seed: int) -> None:
    pack = told(seed)
    assert not pack.errors, pack.errors
    judge = Judge(pack, reach(pack.form, pack.scenes))
    for run in range(8):
        with contextlib.suppress(EndlessStory):
            judge.play(run, 80)


def test_no_scene_choice_or_passage_of_the_shipped_story_is_dead(shipped: tuple[Any, Reach]) -> None:
    _, found = shipped
    dead = [("scene", id) for id, ok in found.scenes.items() if not ok]
    dead += [("choice", id) for id, ok in found.choices.items() if not ok]
    dead += [("passage", id) for id, ok in found.passages.items() if not ok]
    assert not dead, [(kind, found.reasons.get(kind)) for kind in dead]


def test_it_comes_out_the_same_every_time(shipped: tuple[Any, Reach]) -> None:
    pack, found = shipped
    again = reach(pack.form, pack.scenes)
    assert list(again.reasons.items()) == list(found.reasons.items())
    assert {name: again.domains.said(name) for name in again.domains} == {name: found.domains.said(name) for name in found.domains}
