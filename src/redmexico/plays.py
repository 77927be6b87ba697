"""Stored campaigns: a seed and choices by address, with what they must come to.

    seed: "7"
    choices: [who_taught_you/painter, gangway/kahlo, …]
    expect: {ending: the_gate_held, verdicts: {axe: averted}, divergence: {history: 9}}

A new option beside those that were taken never breaks one. Choices of a play are written by
address; where a step has but one open choice (`go_on`) it may be left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redmexico import engine, timeline
from redmexico.campaign import Campaign
from redmexico.errors import RedMexicoError
from redmexico.journal import Journal
from redmexico.model import Story
from redmexico.state import Values, word


@dataclass(slots=True)
class Play:
    """A stored campaign."""

    seed: str
    choices: list[str]
    start: str = ""
    mode: str = ""
    about: str = ""
    expect: dict[str, Any] = field(default_factory=dict)


def read_play(path: Path) -> Play:
    """A play from its YAML file."""
    from redmexico.loader.tree import read_source

    source = read_source(path, path.name)
    data = source.data
    if source.findings or not isinstance(data, dict) or not isinstance(data.get("choices"), list):
        found = source.findings[0] if source.findings else "a mapping with 'seed' and 'choices' expected"
        raise RedMexicoError(f"this is no play: {found}", str(path))
    return Play(
        str(data.get("seed", "")),
        [str(choice) for choice in data["choices"]],
        str(data.get("start", "")),
        str(data.get("mode", "")),
        str(data.get("about", "")),
        dict(data.get("expect") or {}),
    )


def run_play(story: Story, path: Path) -> list[str]:
    """Play a stored campaign again; every way in which it came out otherwise."""
    play = read_play(path)
    try:
        state = performed(story, play).state
    except RedMexicoError as error:
        return [f"{path.name}: {error}"]
    return [f"{path.name}: {problem}" for problem in differences(story, state, play.expect)]


def performed(story: Story, play: Play) -> Campaign:
    """A play, played, in memory. Raises where a choice is not offered or is locked."""
    campaign = Campaign.new(story, play.seed, play.start, play.mode, play.about)
    for i, address in enumerate(play.choices, 1):
        scene, _, choice = address.partition("/")
        while engine.position(campaign.state) != scene:
            only = engine.open_ids(story, campaign.state)
            if len(only) != 1:
                raise RedMexicoError(
                    f"choice {i} is {address}, but the campaign stands in {engine.position(campaign.state)}",
                    hint=f"offered: {', '.join(only)}",
                )
            campaign.choose(only[0])
        campaign.choose(choice)
    return campaign


def differences(story: Story, state: Values, expect: dict[str, Any]) -> list[str]:
    """What a play promised and the state does not hold."""
    out = []
    if "ending" in expect and word(state, "!ending") != expect["ending"]:
        out.append(f"ends in '{word(state, '!ending')}', not '{expect['ending']}'")
    for event, verdict in (expect.get("verdicts") or {}).items():
        came = str(state.get(f"!event.{event}", "open"))
        if came != verdict:
            out.append(f"{event} is {came}, not {verdict}")
    off = timeline.divergence(story, state)
    for line, percent in (expect.get("divergence") or {}).items():
        if off.get(line) != percent:
            out.append(f"{off.get(line)} of 100 off {line}, not {percent}")
    for name, value in (expect.get("qualities") or {}).items():
        if state.get(name) != value:
            out.append(f"{name} is {state.get(name)}, not {value}")
    return out


def play_text(journal: Journal) -> str:
    """A campaign's present branch as a play, to be kept under tests/plays/."""
    lines = [
        f"seed: {_quoted(str(journal.head['seed']))}",
        f"start: {journal.head['start']}",
        f"mode: {journal.head['mode']}",
        "choices:",
    ]
    for n in journal.path():
        record = journal.records[n]
        lines.append(f"  - {record['scene']}/{record['choice']}")
    ending = journal.state.get("!ending")
    lines.append(f"expect: {{ending: {ending}}}" if ending else "expect: {}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
