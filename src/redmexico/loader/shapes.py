"""What a writer may type: the keys of every file, their types, and what may be left out.

These shapes are the contract of docs/format.md. pydantic checks them at the border and gives
the JSON Schema; nothing of them is left in play.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Shape(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(extra="forbid", strict=True, populate_by_name=False)


def _as_text(value: Any) -> Any:
    """`true`, `1940` and the like where text is asked for: YAML resolved what was text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


Text = Annotated[str, BeforeValidator(_as_text)]
"""Prose, a label, an expression or a date."""
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
Ids = Annotated[list[Id], BeforeValidator(_as_list)]
FactId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]


class When(Shape):
    """Every line must hold, else the scene is not offered."""

    from_: Text | None = Field(None, alias="from")
    until: Text | None = None
    if_: Text | None = Field(None, alias="if")


class Draw(Shape):
    """A card of the council's hand."""

    deck: Id
    weight: int = Field(1, ge=0, le=1000)
    tag: Id | None = None
    again: Text | None = None


class Due(Shape):
    """A scene that competes for a place in the turn."""

    weight: int = Field(ge=0, le=1000)


class Advice(Shape):
    """What one voice says."""

    who: Id
    if_: Text | None = Field(None, alias="if")
    text: Text


class Need(Shape):
    """What a choice asks for."""

    if_: Text = Field(alias="if")
    locked: Text | None = None
    hide: bool = False


class Later(Shape):
    """A bill that falls due."""

    in_: Text = Field(alias="in")
    if_: Text | None = Field(None, alias="if")
    scene: Id | None = None
    event: Id | None = None
    do: list[Text] = Field(default_factory=list)
    else_: Id | None = Field(None, alias="else")
    lapse: Literal["act"] | None = None


class Goto(Shape):
    """One way on, if it holds."""

    if_: Text | None = Field(None, alias="if")
    to: Text


def _as_goto(value: Any) -> Any:
    return [{"to": value}] if isinstance(value, str) else value


Gotos = Annotated[list[Goto], BeforeValidator(_as_goto)]


class Choice(Shape):
    """An act of the Secretary's."""

    id: Id
    label: Text
    needs: list[Need] = Field(default_factory=list)
    hint: Text | None = None
    do: list[Text] = Field(default_factory=list)
    text: Text | None = None
    soften: Text | None = None
    note: Text | None = None
    later: list[Later] = Field(default_factory=list)
    call: Id | None = None
    goto: Gotos = Field(default_factory=list)
    was: Ids = Field(default_factory=list)


class Passage(Shape):
    """A room of a scene."""

    text: Text | None = None
    soften: Text | None = None
    advice: list[Advice] = Field(default_factory=list)
    choices: list[Choice] = Field(default_factory=list, max_length=30)
    take: Text | None = None
    goto: Gotos = Field(default_factory=list)
    was: Ids = Field(default_factory=list)


class Withdraw(Shape):
    """What becomes of an order that nobody took."""

    after: Text
    who: Id
    text: Text


class Scene(Passage):
    """A scene's file."""

    title: Text
    label: Text | None = None
    place: Text = ""
    when: When = Field(default_factory=When)  # type: ignore[arg-type]
    draw: Draw | None = None
    due: Literal[True, "dispatch", "account", "open", "close"] | Due | None = None
    order: int = 0
    repeat: bool = False
    withdraw: Withdraw | None = None
    derived: dict[Id, Text] = Field(default_factory=dict)
    do: list[Text] = Field(default_factory=list)
    note: Text | None = None
    hint: Text | None = None
    later: list[Later] = Field(default_factory=list)
    passages: dict[Id, Passage] = Field(default_factory=dict)
    facts: list[FactId] = Field(default_factory=list)
    flags: list[Id] = Field(default_factory=list)
    invented: bool = False
    notes: Text = ""


class Pull(Shape):
    """A cause for or against an event."""

    if_: Text | None = Field(None, alias="if")
    pull: int = Field(ge=-100, le=100)
    because: Text


class Variant(Shape):
    """Another shape of an event."""

    id: Id
    if_: Text | None = Field(None, alias="if")
    title: Text = ""
    threshold: int | None = None
    scene: Id | None = None
    do: list[Text] | None = None
    record: Text | None = None


class Outcome(Shape):
    """What a scene decided."""

    as_: Id = Field(alias="as")
    if_: Text | None = Field(None, alias="if")
    title: Text = ""


class Otherwise(Shape):
    """What takes an averted event's place."""

    if_: Text | None = Field(None, alias="if")
    event: Id | None = None
    scene: Id | None = None


class Elsewhere(Shape):
    """The same row in the other line."""

    record: Text
    as_: Ids = Field(default_factory=list, alias="as")


class Event(Shape):
    """An event of the recorded lines."""

    id: Id
    line: Id
    date: Text
    title: Text
    weight: int = Field(1, ge=0, le=5)
    fact: FactId | None = None
    facts: list[FactId] = Field(default_factory=list)
    record: Text = ""
    window: Text | None = None
    needs: Text | None = None
    pulls: list[Pull] = Field(default_factory=list)
    threshold: int = 1
    early: int | Literal["never"] = 2
    external: bool = False
    variants: list[Variant] = Field(default_factory=list)
    outcomes: list[Outcome] = Field(default_factory=list)
    scene: Id | None = None
    do: list[Text] = Field(default_factory=list)
    otherwise: list[Otherwise] = Field(default_factory=list)
    elsewhere: dict[Id, Elsewhere] = Field(default_factory=dict)
    where: Id | None = None
    subjects: list[Id] = Field(default_factory=list)
    invented: bool = False
    notes: Text = ""
    was: Ids = Field(default_factory=list)


class Carrier(Shape):
    """How somebody keeps the notebook."""

    hand: Text
    if_: Text | None = Field(None, alias="if")


class Person(Shape):
    """Somebody of the cast."""

    id: Id
    name: Text
    real: bool = False
    about: Text = ""
    here: Text | None = None
    carrier: Carrier | None = None


class Entry(Shape):
    """A page of the codex."""

    id: Id
    title: Text
    label: Literal["documented", "chronicle", "invented", "disputed"]
    group: Literal["people", "places", "events", "things", "words"]
    event: Id | None = None
    facts: list[FactId] = Field(default_factory=list)
    text: Text
    records: dict[Id, Text] = Field(default_factory=dict)
    known: bool = False


class Ending(Shape):
    """How a campaign closes."""

    id: Id
    title: Text
    kind: Literal["early", "act", "last"]
    if_: Text | None = Field(None, alias="if")
    earned: list[Id] = Field(default_factory=list)
    text: Text
    facts: list[FactId] = Field(default_factory=list)


class Slide(Shape):
    """A paragraph of the epilogue."""

    id: Id
    of: Id
    order: int = 0
    if_: Text | None = Field(None, alias="if")
    earned: list[Id] = Field(default_factory=list)
    text: Text
    facts: list[FactId] = Field(default_factory=list)


class Endings(Shape):
    """endings.yaml"""

    endings: list[Ending] = Field(default_factory=list)
    slides: list[Slide] = Field(default_factory=list)


class Achievement(Shape):
    """What a run can be remembered for."""

    id: Id
    title: Text
    if_: Text | None = Field(None, alias="if")
    hidden: bool = False
    text: Text


class Document(Shape):
    """One of the source documents."""

    id: Text
    title: Text
    line: Id
    kind: Text
    about: Text = ""
    took: Text = ""
    doubted: Text = ""
    invented: Text = ""


class Fact(Shape):
    """What a document says."""

    id: FactId
    document: Text
    date: Text
    title: Text
    account: Text


class Sources(Shape):
    """sources.yaml"""

    documents: list[Document]
    facts: list[Fact]


class Line(Shape):
    """A recorded line."""

    title: Text
    follows: Id | None = None
    until: Text | None = None


class Region(Shape):
    """Where a region lies on the map, and which places are in it."""

    letter: Text = Field(min_length=1, max_length=1)
    places: list[Text] = Field(default_factory=list)


class Map(Shape):
    """A drawing of the country, a letter a region; a dot or a space is sea, or another country."""

    drawing: Text
    home: Id
    regions: dict[Id, Region] = Field(min_length=1)


class Start(Shape):
    """Where a campaign may begin."""

    id: Id
    title: Text
    about: Text = ""
    act: Id
    scene: Id | None = None
    as_: Id | None = Field(None, alias="as")
    events: dict[Id, Id] = Field(default_factory=dict)
    do: list[Text] = Field(default_factory=list)


class Mode(Shape):
    """The terms of a campaign."""

    id: Id
    title: Text
    about: Text = ""
    do: list[Text] = Field(default_factory=list)
    rewind: bool = True
    previews: Literal["shown", "hidden"] = "shown"
    foreknowledge: Literal["shown", "hidden"] = "shown"


class Council(Shape):
    """How an act's council is held."""

    hand: int = Field(ge=1, le=9)
    orders: int = Field(ge=1, le=9)
    decks: list[Id]
    always: list[Id] = Field(default_factory=list)
    summon: Text | None = None


class Next(Shape):
    """What follows an act."""

    if_: Text | None = Field(None, alias="if")
    act: Id | None = None
    ending: Id | None = None


class Act(Shape):
    """A stretch of the story."""

    id: Id
    title: Text
    goal: Text = ""
    from_: Text = Field(alias="from")
    until: Text
    turn: Text
    council: Council | None = None
    scenes: int = Field(0, ge=0, le=30)
    ends: Text | None = None
    do: list[Text] = Field(default_factory=list)
    next: list[Next] = Field(min_length=1)


class Story(Shape):
    """story.yaml"""

    id: Id
    title: Text
    version: Text
    languages: list[Id] = Field(default_factory=lambda: ["en"], min_length=1)
    lines: dict[Id, Line] = Field(min_length=1)
    hands: int = Field(1, ge=1, le=64)
    status: list[Text] = Field(default_factory=list)
    starts: list[Start] = Field(min_length=1)
    modes: list[Mode] = Field(min_length=1)
    acts: list[Act] = Field(min_length=1)


class ModStory(Shape):
    """story.yaml of a mod: what it builds on, and what it adds to the story's own."""

    id: Id
    title: Text
    version: Text
    requires: list[Id] = Field(min_length=1)
    languages: list[Id] = Field(default_factory=list)
    lines: dict[Id, Line] = Field(default_factory=dict)
    status: list[Text] = Field(default_factory=list)
    starts: list[Start] = Field(default_factory=list)
    modes: list[Mode] = Field(default_factory=list)
    acts: list[Act] = Field(default_factory=list)


class Patch(Shape):
    """What a mod changes in an entry of a pack it builds on."""

    patch: Text
    set: dict[str, Any] = Field(default_factory=dict)
    append: dict[str, list[Any]] = Field(default_factory=dict)
    remove: list[Text] = Field(default_factory=list)


class Translated(Shape):
    """A text in another language, and what it was made from."""

    of: Text
    text: Text


def keys_of(shape: type[BaseModel]) -> list[str]:
    """The keys of a shape as a writer types them."""
    return [field.alias or name for name, field in shape.model_fields.items()]
