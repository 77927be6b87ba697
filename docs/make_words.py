"""Bring the catalogues of the game's own words up to date: `make words`, or

    python docs/make_words.py            gather the messages of the source into every locale/*.po, and compile them
    python docs/make_words.py --also F   take translations that are still missing from another .po file

New messages come in untranslated, obsolete ones go; what was translated stays. A message is what stands in a call
of `phrase`, `plural`, `phrase_as`, `noted`, `noted_as`, or of the page's own `printed` (see redmexico/language.py).
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parent.parent / "src" / "redmexico"
LOCALE = SOURCE / "locale"
SIMPLE = ("phrase", "noted", "printed")
IN_CONTEXT = ("phrase_as", "noted_as")


class Message(NamedTuple):
    """What is said somewhere in the source."""

    module: str
    context: str | None
    one: str
    many: str = ""

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.one, self.many) if self.many else self.one


def messages(source: Path = SOURCE) -> Iterator[Message]:
    """Every message of the source, in the order of its files; tables of messages are read where they stand."""
    for path in sorted(source.rglob("*.py")):
        module = path.relative_to(source).as_posix()
        if module != "language.py":
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    found = _message(module, node.func.id, [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args])
                    if found is not None:
                        yield found
    yield from (
        Message("language.py", None, "{first} and {last}"),
        Message("language.py", "before the sound of i", "{first} and {last}"),
    )


def _message(module: str, call: str, given: list[object]) -> Message | None:
    """The message of one call; None where its words are not written in it."""
    texts = [text for text in given if isinstance(text, str)]
    if call in SIMPLE and len(given) == len(texts) == 1 and texts[0]:
        return Message(module, None, texts[0])
    if call in IN_CONTEXT and len(given) == len(texts) == 2:
        return Message(module, texts[0], texts[1])
    if call == "plural" and len(texts) == 2:
        return Message(module, None, *texts)
    return None


def template() -> Catalog:
    """All messages, none translated, in the order of the alphabet."""
    found: dict[tuple[str, str], list[Message]] = {}
    for message in messages():
        found.setdefault((message.one, message.context or ""), []).append(message)
    catalog = Catalog(project="Red Mexico", charset="utf-8")
    for _, same in sorted(found.items(), key=lambda pair: (pair[0][0].lower(), pair[0])):
        whole = max(same, key=lambda message: bool(message.many))  # said alone and of many, it is one message
        catalog.add(whole.id, locations=[(module, None) for module in sorted({m.module for m in same})], context=whole.context)
    return catalog


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.stem.partition("-")[0], charset="utf-8")


def updated(old: Catalog, also: Catalog | None = None) -> Catalog:
    """The messages of the source with what has been translated of them; nothing is guessed."""
    new = template()
    new.locale, new.fuzzy = old.locale, False
    for message in new:
        for known in (old, also):
            found = known.get(message.id, message.context) if message.id and known is not None else None
            if found is not None and found.string and not any(message.string if message.pluralizable else [message.string]):
                message.string, message.user_comments = found.string, found.user_comments
    return new


def text_of(catalog: Catalog, head: bytes) -> bytes:
    """A catalogue as its .po file has it, under the head that the file had: no date, no tool's name."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, omit_header=True, include_lineno=False)
    return head + b"\n\n" + out.getvalue().lstrip(b"\n")


def compiled(catalog: Catalog) -> bytes:
    """A catalogue as its .mo file has it."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def main(arguments: list[str]) -> int:
    also = read(Path(arguments[1])) if arguments[:1] == ["--also"] else None
    missing = 0
    for path in sorted(LOCALE.glob("*.po")):
        catalog = updated(read(path), also)
        path.write_bytes(text_of(catalog, path.read_bytes().partition(b"\n\n")[0]))
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        left = [m for m in catalog if m.id and not all(m.string if m.pluralizable else [m.string])]
        missing += len(left)
        print(f"{path.name}: {len(catalog)} messages, {len(left)} still in English")
        for message in left:
            print(f"  {message.context or '':10} {message.id!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
