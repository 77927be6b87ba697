"""The little language of conditions and amounts: a writer's line becomes a typed tree.

`parse` reads a line such as `altar >= 3 and truce == none` against the declared names. It is used
where stories are built; play needs only the trees.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date as Date
from typing import Any

from redmexico.errors import BadExpression
from redmexico.expression import ADDRESSED, FUNCTIONS, MAX_INT, PLAIN, Tree
from redmexico.suggest import did_you_mean

MAX_CHARS, MAX_NODES, MAX_DEPTH = 500, 200, 32


@dataclass(frozen=True, slots=True)
class Type:
    """What an expression is worth: `number`, `flag`, `date`, `set`, or `word` with its words."""

    kind: str
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return {"number": "a number", "flag": "true or false", "date": "a date", "set": "a set", "word": "a word"}[
            self.kind
        ]


NUMBER, FLAG, DATE = Type("number"), Type("flag"), Type("date")
VERDICTS = ("open", "kept", "early", "late", "altered", "averted", "unwritten")


@dataclass(slots=True)
class Names:
    """Every name that an expression of this pack may use, with its type."""

    qualities: dict[str, Type] = field(default_factory=dict)
    kinds: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """kind → field ("" where the quality is itself the number) → the qualities that have it"""
    scenes: set[str] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    variants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    acts: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    derived: set[str] = field(default_factory=set)
    """those of `qualities` that are computed, not kept"""
    local: dict[str, str] = field(default_factory=dict)
    """a scene's own derived names → their full names"""
    memo: dict[tuple[str, Type | None], Tree] | None = field(default=None, compare=False)
    """what was read before, once all names are known"""

    def every(self) -> Iterator[str]:
        """All names that may stand alone, for suggestions."""
        yield from self.qualities
        yield from self.local
        yield from PLAIN
        yield from FUNCTIONS


_TOKEN = re.compile(
    r"(?P<space>[ \n]+)|(?P<date>\d{4}-\d{2}(?:-\d{2})?(?![\d-]))|(?P<int>\d+)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|(?P<op>==|!=|<=|>=|//|[<>+\-*%(),])"
)
_WORDS = {"and", "or", "not", "in", "if", "else", "true", "false"}
_CALLED = (*FUNCTIONS, "sum", "count", "and", "or", "not", "in", "if", "else")
"""what may stand before a parenthesis"""
_BETWEEN = ("and", "or", "not", "in", "if", "else")
"""words that may stand between two values"""
_INSTEAD = {
    "=": "'==' compares",
    "/": "'//' divides whole numbers",
    "&": "write 'and'",
    "|": "write 'or'",
    "!": "write 'not'",
}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


@dataclass(slots=True)
class _Node:
    kind: str
    value: Any
    column: int
    length: int
    parts: list[_Node] = field(default_factory=list)


def _tokens(text: str) -> list[_Token]:
    if len(text) > MAX_CHARS:
        raise BadExpression(f"longer than {MAX_CHARS} characters", hint="split it with a derived name", code="RM150")
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        if tokens and tokens[-1].text == "(" and len(tokens) > 1 and tokens[-2].text in ADDRESSED:
            end = text.find(")", at)
            if end < 0:
                raise BadExpression("a '(' that is never closed", tokens[-1].column, code="RM204")
            raw = text[at:end]
            tokens.append(_Token("address", raw.strip(), at + len(raw) - len(raw.lstrip())))
            at = end
            continue
        if tokens and text[at] == "(" and tokens[-1].kind == "name" and tokens[-1].text not in _CALLED:
            raise _no_function(tokens[-1])
        match = _TOKEN.match(text, at)
        if match is None:  # said when the reader comes to it: what stands before it may be the fault
            tokens.append(_Token("stray", text[at], at))
            at += 1
            continue
        kind = str(match.lastgroup)
        if kind != "space":
            word = match.group()
            tokens.append(_Token("op" if kind == "name" and word in _WORDS else kind, word, at))
        at = match.end()
    tokens.append(_Token("end", "", len(text)))
    return tokens


def _no_function(name: _Token) -> BadExpression:
    """Found before what stands in the parentheses is read: an address there is no expression."""
    hint = did_you_mean(name.text, _CALLED)
    return BadExpression(f"no function named '{name.text}'", name.column, len(name.text), hint, "RM204")


class _Parser:
    """Tokens → an untyped tree with columns, by precedence, with bounded depth."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0
        self.nodes = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def take(self) -> _Token:
        token = self.token
        self.at += 1
        return token

    def known(self) -> _Token:
        """The next token, which must be part of the language."""
        token = self.token
        if token.kind == "stray":
            hint = _INSTEAD.get(token.text, "see docs/format.md, Expressions")
            raise BadExpression(f"'{token.text}' is not part of the language", token.column, hint=hint, code="RM204")
        return token

    def accept(self, *texts: str) -> _Token | None:
        if self.token.kind == "op" and self.token.text in texts:
            return self.take()
        return None

    def expect(self, text: str) -> _Token:
        found = self.accept(text)
        if found is None:
            token = self.known()
            what = f"'{token.text}'" if token.text else "the end"
            raise BadExpression(f"'{text}' expected, found {what}", token.column, code="RM204")
        return found

    def node(self, kind: str, value: Any, start: _Token, parts: list[_Node]) -> _Node:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise BadExpression(
                f"more than {MAX_NODES} parts", start.column, hint="split it with a derived name", code="RM150"
            )
        last = self.tokens[self.at - 1]
        return _Node(kind, value, start.column, max(1, last.column + len(last.text) - start.column), parts)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise BadExpression(
                f"nested deeper than {MAX_DEPTH}", self.token.column, hint="split it with a derived name", code="RM150"
            )

    def whole(self) -> _Node:
        node = self.expression()
        token = self.known()
        if token.kind != "end":
            hint = did_you_mean(token.text, _BETWEEN)
            raise BadExpression(f"'{token.text}' was not expected here", token.column, len(token.text), hint, "RM204")
        return node

    def expression(self) -> _Node:
        self.deeper()
        start = self.token
        value = self.chain("or", lambda: self.chain("and", self.negation))
        if self.accept("if"):
            condition = self.chain("or", lambda: self.chain("and", self.negation))
            self.expect("else")
            value = self.node("ifelse", None, start, [condition, value, self.expression()])
        self.depth -= 1
        return value

    def chain(self, word: str, part: Callable[[], _Node]) -> _Node:
        start = self.token
        parts = [part()]
        while self.accept(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else self.node(word, None, start, parts)

    def negation(self) -> _Node:
        start = self.accept("not")
        if start is None:
            return self.comparison()
        self.deeper()
        node = self.node("not", None, start, [self.negation()])
        self.depth -= 1
        return node

    def comparison(self) -> _Node:
        start = self.token
        parts = [self.additive()]
        operators: list[str] = []
        while True:
            found = self.accept("==", "!=", "<", "<=", ">", ">=", "in")
            if found is not None:
                operators.append(found.text)
            elif self.token.text == "not" and self.tokens[self.at + 1].text == "in":
                self.take(), self.take()
                operators.append("not in")
            else:
                break
            parts.append(self.additive())
        return parts[0] if not operators else self.node("compare", operators, start, parts)

    def additive(self) -> _Node:
        return self.left(self.multiplicative, "+", "-")

    def multiplicative(self) -> _Node:
        return self.left(self.unary, "*", "//", "%")

    def left(self, part: Callable[[], _Node], *operators: str) -> _Node:
        start = self.token
        node = part()
        while found := self.accept(*operators):
            node = self.node("arithmetic", found.text, start, [node, part()])
        return node

    def unary(self) -> _Node:
        start = self.accept("-")
        if start is None:
            return self.atom()
        self.deeper()
        node = self.node("minus", None, start, [self.unary()])
        self.depth -= 1
        return node

    def atom(self) -> _Node:
        token = self.known()
        self.at += 1
        if token.kind == "int":
            if len(token.text) > 10 or int(token.text) > MAX_INT:
                raise BadExpression("a number beyond a thousand million", token.column, len(token.text), code="RM150")
            return self.node("int", int(token.text), token, [])
        if token.kind == "date":
            return self.node("date", token.text, token, [])
        if token.kind == "op" and token.text in ("true", "false"):
            return self.node("bool", token.text == "true", token, [])
        if token.kind == "op" and token.text == "(":
            return self.parenthesis(token)
        if token.kind == "name":
            return self.call(token) if self.token.text == "(" else self.node("name", token.text, token, [])
        what = f"'{token.text}'" if token.text else "the end"
        raise BadExpression(
            f"a name or a number expected, found {what}", token.column, max(1, len(token.text)), code="RM204"
        )

    def parenthesis(self, start: _Token) -> _Node:
        parts = [self.expression()]
        while self.accept(","):
            parts.append(self.expression())
        self.expect(")")
        return parts[0] if len(parts) == 1 else self.node("list", None, start, parts)

    def call(self, name: _Token) -> _Node:
        self.expect("(")
        if self.token.kind == "address":
            token = self.take()
            parts = [self.node("address", token.text, token, [])]
        else:
            parts = [self.expression()]
            while self.accept(","):
                parts.append(self.expression())
        self.expect(")")
        return self.node("call", name.text, name, parts)


def day_range(text: str) -> tuple[int, int]:
    """The first and last day, as ordinals, of a year, month or day.

    >>> [Date.fromordinal(day).isoformat() for day in day_range("1940-02")]
    ['1940-02-01', '1940-02-29']
    """
    parts = [int(part) for part in text.split("-")]
    year = parts[0]
    first = Date(year, parts[1] if len(parts) > 1 else 1, parts[2] if len(parts) > 2 else 1)
    if len(parts) == 1:
        last = Date(year, 12, 31)
    elif len(parts) == 2:
        last = Date(year, parts[1], calendar.monthrange(year, parts[1])[1])
    else:
        last = first
    return first.toordinal(), last.toordinal()


class _Checker:
    """An untyped tree → a typed one; every name must be declared, every side must fit."""

    def __init__(self, names: Names, address: str, chance: bool, it: dict[str, list[str]] | None = None) -> None:
        self.names = names
        self.address = address
        self.chance = chance
        self.it = it
        self.kind = ""

    def fail(self, node: _Node, message: str, hint: str = "", code: str = "RM205") -> BadExpression:
        return BadExpression(message, node.column, node.length, hint, code)

    def typed(self, node: _Node, wanted: Type | None = None) -> tuple[Tree, Type]:
        if wanted is not None and wanted.kind == "word" and node.kind == "name" and node.value in wanted.words:
            return ["word", node.value], wanted
        method: Callable[[_Node, Type | None], tuple[Tree, Type]] = getattr(self, "on_" + node.kind)
        return method(node, wanted)

    def flag(self, node: _Node) -> Tree:
        tree, kind = self.typed(node, FLAG)
        if kind.kind != "flag":
            raise self.fail(node, f"true or false expected, this is {kind}", "compare it with something")
        return tree

    def number(self, node: _Node) -> Tree:
        tree, kind = self.typed(node, NUMBER)
        if kind.kind != "number":
            raise self.fail(node, f"a number expected, this is {kind}")
        return tree

    def on_int(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        return ["int", node.value], NUMBER

    def on_bool(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        return ["bool", node.value], FLAG

    def on_date(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        try:
            first, last = day_range(node.value)
        except ValueError:
            raise self.fail(node, f"'{node.value}' is no date of the calendar", code="RM105") from None
        return ["date", first, last], DATE

    def on_list(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        raise self.fail(node, "a list stands only after 'in'", code="RM204")

    def on_address(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        raise self.fail(node, "an address stands only inside chosen(…), visits(…) and the like", code="RM204")

    def on_name(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        name = node.value
        if self.it is not None and (name == "it" or name.startswith("it.")):
            part = name[3:]
            if part not in self.it:
                raise self.fail(node, f"'{name}' is not a field of this kind", did_you_mean(part, self.it), "RM201")
            return ["it", part], NUMBER
        if name in self.names.local:
            return self.quality(self.names.local[name])
        if name in self.names.qualities:
            return self.quality(name)
        if name in PLAIN:
            return ["plain", name], self.plain_type(PLAIN[name][0])
        if wanted is not None and wanted.kind == "word":
            raise self.fail(
                node,
                f"'{name}' is not one of its words ({', '.join(wanted.words)})",
                did_you_mean(name, [*wanted.words, *(q for q, kind in self.names.qualities.items() if kind == wanted)]),
                "RM207",
            )
        raise self.fail(node, f"no quality named '{name}'", did_you_mean(name, self.names.every()), "RM201")

    def quality(self, name: str) -> tuple[Tree, Type]:
        return ["derived" if name in self.names.derived else "quality", name], self.names.qualities[name]

    def plain_type(self, kind: str) -> Type:
        if kind == "act":
            return Type("word", self.names.acts)
        if kind == "mode":
            return Type("word", self.names.modes)
        return {"number": NUMBER, "flag": FLAG, "date": DATE}[kind]

    def on_not(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        return ["not", self.flag(node.parts[0])], FLAG

    def on_and(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        return [node.kind, *[self.flag(part) for part in node.parts]], FLAG

    on_or = on_and

    def on_minus(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        return ["minus", self.number(node.parts[0])], NUMBER

    def on_arithmetic(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        return ["arithmetic", node.value, *[self.number(part) for part in node.parts]], NUMBER

    def on_ifelse(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        condition = self.flag(node.parts[0])
        left, kind = self.typed(node.parts[1], wanted)
        right, other = self.typed(node.parts[2], wanted or kind)
        if kind.kind != other.kind:
            raise self.fail(node, f"one side is {kind}, the other {other}")
        return ["ifelse", condition, left, right], kind

    def on_compare(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        pairs = [self.pair(node, operator, node.parts[i], node.parts[i + 1]) for i, operator in enumerate(node.value)]
        return (pairs[0] if len(pairs) == 1 else ["and", *pairs]), FLAG

    def pair(self, node: _Node, operator: str, left: _Node, right: _Node) -> Tree:
        if operator in ("in", "not in"):
            tree = self.within(left, right)
            return tree if operator == "in" else ["not", tree]
        a, b = self.sides(left, right)
        (x, kind), (y, other) = _year(a, b), _year(b, a)
        if kind.kind != other.kind:
            raise self.fail(node, f"{kind} compared with {other}")
        if kind.kind == "date":
            return self.dates(node, operator, x, y)
        if kind.kind == "set":
            raise self.fail(node, "a set is asked with 'in'", "write: owes_bell in debts")
        if kind.kind != "number" and operator not in ("==", "!="):
            raise self.fail(node, f"'{operator}' wants numbers or dates, this is {kind}")
        return ["compare", operator, x, y]

    def sides(self, left: _Node, right: _Node) -> tuple[tuple[Tree, Type], tuple[Tree, Type]]:
        """Both sides typed; a bare word takes its meaning from the side that has one."""
        if self.unknown(left) and self.unknown(right):
            fault = self.misspelt(left, [right]) or self.misspelt(right, [left])
            if fault is not None:
                raise fault
        if self.unknown(left):
            b = self.typed(right)
            if left.value not in b[1].words and right.kind == "name" and not did_you_mean(left.value, b[1].words):
                fault = self.misspelt(left, [right])  # a word may have a quality's name
                if fault is not None and fault.hint:
                    raise fault
            return self.typed(left, b[1]), b
        a = self.typed(left)
        return a, self.typed(right, a[1])

    def unknown(self, node: _Node) -> bool:
        """Whether a name stands for nothing by itself: an enum's word does so only beside its quality."""
        return (
            node.kind == "name"
            and node.value not in self.names.qualities
            and node.value not in PLAIN
            and node.value not in self.names.local
        )

    def misspelt(self, quality: _Node, words: list[_Node]) -> BadExpression | None:
        """A name that is no quality, beside words of one: that quality was probably meant."""
        asked = {part.value for part in words}
        names = self.names
        fits = [name for name, kind in names.qualities.items() if asked <= set(kind.words)]
        fits += [name for name, kind in (("act", names.acts), ("mode", names.modes)) if asked <= set(kind)]
        if not fits or not asked:
            return None
        hint = did_you_mean(quality.value, fits)
        return self.fail(quality, f"no quality named '{quality.value}'", hint, "RM201")

    def dates(self, node: _Node, operator: str, x: Tree, y: Tree) -> Tree:
        if x[0] == "date" and y[0] != "date":
            mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(operator, operator)
            return self.dates(node, mirrored, y, x)
        if x[0] != "plain" or y[0] != "date":
            raise self.fail(node, "compare 'date' with a date such as 1943-06")
        return ["compare_date", operator, y[1], y[2]]

    def within(self, left: _Node, right: _Node) -> Tree:
        if right.kind == "list":
            first, kind = self.typed(left)
            items = []
            for part in right.parts:
                tree, other = self.typed(part, kind)
                if other.kind != kind.kind or kind.kind not in ("number", "word"):
                    raise self.fail(part, f"{kind} looked for among {other}")
                items.append(tree)
            return ["among", first, *items]
        tree, kind = self.typed(right)
        if kind.kind != "set":
            raise self.fail(right, f"after 'in' stands a set or a list in parentheses, this is {kind}")
        if left.kind != "name" or left.value not in kind.words:
            name = left.value if left.kind == "name" else "this"
            raise self.fail(
                left, f"'{name}' is not one of the set's words", did_you_mean(str(name), kind.words), "RM207"
            )
        return ["has", left.value, tree]

    def on_call(self, node: _Node, wanted: Type | None) -> tuple[Tree, Type]:
        name = node.value
        if name in ("sum", "count"):
            return self.fold(node)
        if name not in FUNCTIONS:
            raise self.fail(
                node, f"no function named '{name}'", did_you_mean(name, [*FUNCTIONS, "sum", "count"]), "RM204"
            )
        if name == "chance" and not self.chance:
            raise self.fail(
                node,
                "chance(…) may not decide what is previewed or gated",
                "decide it with several results, on a goto, or in a text",
                "RM208",
            )
        wants, result, _ = FUNCTIONS[name]
        many = wants[-1] == "*"
        if (len(node.parts) < 1) if many else (len(node.parts) != len(wants)):
            raise self.fail(node, f"{name}(…) wants {len(wants)} value{'s' if len(wants) > 1 else ''}", code="RM204")
        arguments = [self.argument(part, wants[0] if many else wants[i]) for i, part in enumerate(node.parts)]
        kind = self.result(result, arguments)
        return ["call", name, *arguments, *([self.address] if name == "chance" else [])], kind

    def result(self, result: str, arguments: list[Any]) -> Type:
        if result == "verdict":
            return Type("word", VERDICTS)
        if result == "variant":
            return Type("word", ("none", *self.names.variants.get(arguments[0], ())))
        return {"number": NUMBER, "flag": FLAG}[result]

    def argument(self, node: _Node, wants: str) -> Any:
        if wants == "number":
            return self.number(node)
        known: Mapping[str, set[str]] = {
            "scene": self.names.scenes,
            "choice": self.names.choices | self.names.scenes,
            "event": self.names.events,
            "line": set(self.names.lines),
        }
        if node.value not in known[wants]:
            what = {"choice": "choice", "scene": "scene", "event": "event", "line": "recorded line"}[wants]
            codes = {"scene": "RM202", "choice": "RM203", "event": "RM206", "line": "RM207"}
            raise self.fail(
                node, f"no {what} named '{node.value}'", did_you_mean(node.value, known[wants]), codes[wants]
            )
        return node.value

    def fold(self, node: _Node) -> tuple[Tree, Type]:
        if len(node.parts) != 2 or node.parts[0].kind != "name":
            raise self.fail(node, f"{node.value}(…) wants a kind and an expression over 'it'", code="RM204")
        kind = node.parts[0].value
        if kind not in self.names.kinds:
            raise self.fail(node.parts[0], f"no kind named '{kind}'", did_you_mean(kind, self.names.kinds), "RM201")
        inner = _Checker(self.names, self.address, self.chance, self.names.kinds[kind])
        body = inner.number(node.parts[1]) if node.value == "sum" else inner.flag(node.parts[1])
        return ["fold", node.value, bases(self.names.kinds[kind]), body], NUMBER


def _year(side: tuple[Tree, Type], other: tuple[Tree, Type]) -> tuple[Tree, Type]:
    """A bare number beside a date is a year."""
    if other[1].kind == "date" and side[0][0] == "int" and 1 <= side[0][1] <= 9999:
        return ["date", *day_range(f"{side[0][1]:04}")], DATE
    return side


def bases(fields: dict[str, list[str]]) -> list[str]:
    """The qualities of one kind by their first name, in the order they were declared."""
    seen: dict[str, None] = {}
    for part, names in fields.items():
        for name in names:
            seen[name[: -len(part) - 1] if part else name] = None
    return list(seen)


def parse(text: str, names: Names, wanted: Type | None = FLAG, address: str = "", chance: bool = False) -> Tree:
    """Read one expression; `wanted` is the type that its place asks for, None for any.

    Raises BadExpression with the column of the fault.

    >>> names = Names(qualities={"altar": NUMBER, "truce": Type("word", ("none", "made"))})
    >>> parse("altar >= 3 and truce == none", names)
    ['and', ['compare', '>=', ['quality', 'altar'], ['int', 3]], ['compare', '==', ['quality', 'truce'], ['word', 'none']]]
    """
    memo = None if names.local or "chance(" in text else names.memo
    if memo is not None and (text, wanted) in memo:
        return memo[text, wanted]
    node = _Parser(text).whole()
    checker = _Checker(names, address, chance)
    tree, kind = checker.typed(node, wanted)
    if wanted is not None and kind.kind != wanted.kind:
        raise checker.fail(node, f"{wanted} expected, this is {kind}")
    if memo is not None:
        memo[text, wanted] = tree
    return tree
