"""Small stories for tests: YAML in, a story or its findings out."""

from __future__ import annotations

import textwrap

from redmexico import engine
from redmexico.findings import Finding
from redmexico.loader.pack import Loaded, build_texts
from redmexico.model import Story
from redmexico.state import Values

STORY = """
id: small
title: A small story
version: 1.0.0
lines:
  history: {title: History}
  chronicle: {title: Chronicle, follows: history, until: 1940-08-20}
status: [bread]
starts: [{id: first, title: The start, act: one}]
modes:
  - {id: standard, title: Standard}
  - {id: carbon, title: Carbon copy, rewind: false}
  - {id: blind, title: Blind, previews: hidden, foreknowledge: hidden}
acts:
  - id: one
    title: One
    goal: Get through the year.
    from: 1940-01-01
    until: 1940-12-31
    turn: 6 months
    next: [{ending: rules}]
"""

STATE = """
bread: {kind: resource, name: Bread, start: 4, range: 0..10, words: {0: hunger, 3: queues, 5: enough}}
arms: {kind: resource, name: Arms, start: 2, range: 0..10}
church: {kind: faction, name: The Church, strength: {start: 6, range: 0..10}, temper: {start: -2, range: -5..5}}
ortuno: {kind: person, trust: {start: 1, range: 0..5}}
truce: {start: none, one_of: [none, offered, made]}
carrier: {start: secretary, one_of: [secretary, ortuno]}
debts: {set: [owes_gate, owes_bell]}
page_kept: flag
"""

ENDINGS = """
endings:
  - {id: fed, title: Fed, kind: act, if: bread >= 8, text: They ate.}
  - {id: over, title: Over, kind: act, text: It was over.}
slides:
  - {id: s1, of: food, order: 2, if: bread >= 5, text: There was bread.}
  - {id: s2, of: food, order: 2, text: There was none.}
"""

CAST = """
- {id: ortuno, name: Ortuño, about: counts men}
- {id: sedova, name: Sedova, real: true, about: lists, here: date < 1940-06-01}
"""

CODEX = """
- {id: the_notebook, title: The notebook, label: invented, group: things, text: Squared paper., known: true}
"""

SOURCES = """
documents: [{id: "001", title: A chronicle, line: chronicle, kind: essay}]
facts: [{id: a-fact, document: "001", date: 1940, title: A fact, account: Something happened.}]
"""


def files(**texts: str) -> dict[str, str]:
    """The files of a small pack: keywords replace them; `scene__gangway` adds a scene."""
    out = {
        "story.yaml": STORY, "state.yaml": STATE, "endings.yaml": ENDINGS, "cast.yaml": CAST, "codex.yaml": CODEX, "sources.yaml": SOURCES,
    }
    for name, text in texts.items():
        text = textwrap.dedent(text)
        if name.startswith("scene__"):
            out[f"scenes/x/{name.removeprefix('scene__')}.yaml"] = text
        else:
            out[f"{name}.yaml"] = text
    return out


def scene(text: str) -> str:
    """A scene that says that it is invented."""
    return textwrap.dedent(text) + "\ninvented: true\n"


def loaded(**texts: str) -> Loaded:
    return build_texts(files(**{k: scene(v) if k.startswith("scene__") and "invented" not in v else v for k, v in texts.items()}))


def findings(**texts: str) -> list[Finding]:
    return loaded(**texts).findings


def story(**texts: str) -> Story:
    """A story without faults."""
    made = loaded(**texts)
    assert not made.findings, "\n".join(str(finding) for finding in made.findings)
    return made.story()


def play(tale: Story, *choices: str, seed: str = "7", mode: str = "") -> Values:
    """The state after these choices."""
    state = engine.begin(tale, seed, mode=mode).state
    for choice in choices:
        state = engine.advance(tale, state, choice).state
    return state


def offered(tale: Story, state: Values) -> list[str]:
    """The ids of the open choices."""
    return [offer.id for offer in engine.offers(tale, state) if offer.open]
