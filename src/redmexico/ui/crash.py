"""What is said, and written down, when the game itself has a bug."""

from __future__ import annotations

import platform
import time
import traceback
from pathlib import Path

from redmexico.campaign import VERSION
from redmexico.language import phrase
from redmexico.ui.session import Session


def report(session: Session, bug: BaseException) -> list[str]:
    """Write a report beside the campaigns; give the lines a player reads."""
    campaign = session.campaign
    step = campaign.journal.step() if campaign is not None else 0
    slug = session.slug
    path = session.folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}.txt"
    lines = [phrase("Red Mexico met a fault of its own: {kind}.", kind=type(bug).__name__)]
    if campaign is not None:
        lines.append(phrase("The campaign '{slug}' is safe at step {step}.", slug=slug, step=step))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(session, bug, step, slug), encoding="utf-8")
        lines.append(phrase("The report is in {path}. It names no person; please send it.", path=path))
    except OSError:
        lines.append(phrase("The report could not be written; it follows."))
        lines += traceback.format_exception_only(bug)
    return lines


def _text(session: Session, bug: BaseException, step: int, slug: str) -> str:
    trace = "".join(traceback.format_exception(bug)).replace(str(Path.home()), "~")
    return f"Red Mexico {VERSION}\nPython {platform.python_version()} on {platform.platform()}\nstory {session.story.fingerprint}\ncampaign {slug} at step {step}\n\n{trace}"
