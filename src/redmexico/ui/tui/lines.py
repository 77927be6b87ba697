"""Text on its way to the screen: blocks of runs, laid out as lines of a given width.

Nothing here knows a terminal. Roles are those of the story (`em`, `link`) and of the face
(`dim`, `strong`, `head`, `warn`, `you` and the verdicts); a page gives each its look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from redmexico.narration import Paragraph, Run

Line = tuple[Run, ...]
Lettering = Callable[[str], str]
_PIECES = re.compile(r"\n| +|[^\n ]+")


class Cell(NamedTuple):
    """A field of a table row. A width of 0 shares what the others leave."""

    text: str
    width: int = 0
    role: str = ""


class Block(NamedTuple):
    """A paragraph, or a row of a table, with its place on the page."""

    runs: Paragraph = ()
    indent: int = 0
    """columns before its first line"""
    hang: int = 0
    """columns before the others"""
    item: int = -1
    """which entry of a list it belongs to; -1: none"""
    cells: tuple[Cell, ...] = ()
    """a row of a table instead of runs"""
    wide: bool = False
    """may be longer than the reading measure"""
    target: str = ""
    """the codex entry or event that it is about"""
    detail: bool = False
    """left out where a list has to be short, unless it is the chosen entry's"""
    prose: bool = False
    """a paragraph of the story: the spacing that the player has set is kept"""


BLANK = Block()


def said(text: str, role: str = "", indent: int = 0, hang: int | None = None, item: int = -1, detail: bool = False) -> Block:
    """A paragraph of one role."""
    return Block((Run(text, role),), indent, indent if hang is None else hang, item, detail=detail)


def row(*cells: Cell, item: int = -1, target: str = "") -> Block:
    """A row of a table."""
    return Block(cells=cells, item=item, wide=True, target=target)


def shown(text: str) -> str:
    """The text without what could steer a terminal; line breaks stay.

    >>> shown("a\\x1b[2Jb")
    'a[2Jb'
    """
    if text.isprintable():
        return text
    return "".join(c for c in text if c.isprintable() or c in "\n\u00a0")


def cut(text: str, width: int) -> str:
    """The text in exactly so many columns; what is cut ends in a sign.

    >>> cut("Tampico", 9), cut("Tampico", 4)
    ('Tampico  ', 'Tam…')
    """
    if width <= 0:
        return ""
    if cell_len(text) > width:
        text = set_cell_size(text, width - 1).rstrip() + "…"
    return set_cell_size(text, width)


class _Wrapping:
    """Runs being broken into lines, from left to right; words are never torn unless they must."""

    def __init__(self, width: int, first: int, rest: int) -> None:
        self.width = max(1, width)
        self.rest = min(rest, self.width - 1)
        self.lines: list[list[Run]] = []
        self.line: list[Run] = []
        self.used = 0
        self.space: Run | None = None
        self.word: list[Run] = []
        self.word_width = 0
        self.start(min(first, self.width - 1))

    def start(self, indent: int) -> None:
        self.line = [Run(" " * indent)] if indent else []
        self.used = self.edge = indent

    def end_line(self) -> None:
        self.lines.append(self.line)
        self.start(self.rest)
        self.space = None

    def end_word(self) -> None:
        """Put the word that was gathered on this line, or on the next."""
        if not self.word:
            return
        gap = len(self.space.text) if self.space is not None and (self.used > self.edge or not self.lines) else 0
        if self.used + gap + self.word_width > self.width and self.used > self.edge:
            self.end_line()
            gap = 0
        if gap and self.space is not None:
            self.put(self.space)
        for piece in self.word:
            self.put_long(piece) if self.word_width > self.width - self.edge else self.put(piece)
        self.word, self.word_width, self.space = [], 0, None

    def put(self, run: Run) -> None:
        last = self.line[-1] if self.line else None
        if last is not None and last.role == run.role and last.target == run.target:
            self.line[-1] = Run(last.text + run.text, run.role, run.target)
        else:
            self.line.append(run)
        self.used += cell_len(run.text)

    def put_long(self, run: Run) -> None:
        """A word longer than a line, letter by letter."""
        for letter in run.text:
            if self.used + cell_len(letter) > self.width and self.used > self.edge:
                self.end_line()
            self.put(Run(letter, run.role, run.target))

    def take(self, run: Run) -> None:
        for piece in _PIECES.findall(run.text):
            if piece == "\n":
                self.end_word()
                self.end_line()
            elif piece[0] == " ":
                self.end_word()
                self.space = Run((self.space.text if self.space is not None else "") + piece, run.role, run.target)
            else:
                self.word.append(Run(piece, run.role, run.target))
                self.word_width += cell_len(piece)


def wrap(runs: Iterable[Run], width: int, first: int = 0, rest: int = 0) -> list[Line]:
    """The runs as lines of at most so many columns; kept line breaks stay.

    >>> [[r.text for r in line] for line in wrap([Run("Gulls are "), Run("interested", "em"), Run(".")], 12)]
    [['Gulls are'], ['interested', '.']]
    """
    wrapping = _Wrapping(width, first, rest)
    for run in runs:
        wrapping.take(run)
    wrapping.end_word()
    wrapping.end_line()
    return [tuple(line) for line in wrapping.lines]


def fit(cells: Sequence[Cell], width: int, lettering: Lettering) -> Line:
    """A row of a table in so many columns, one column apart."""
    fixed = sum(cell.width for cell in cells) + len(cells) - 1
    loose = sum(1 for cell in cells if not cell.width)
    share, more = divmod(max(0, width - fixed), loose) if loose else (0, 0)
    out: list[Run] = []
    used = 0
    for i, cell in enumerate(cells):
        wanted = cell.width or share + (1 if more > 0 else 0)
        more -= 0 if cell.width else 1
        text = cut(lettering(shown(cell.text)), min(wanted, width - used))
        if text:
            out.append(Run(plain_end(text, lettering), cell.role))
            used += cell_len(text)
        if i < len(cells) - 1 and used < width:
            out.append(Run(" "))
            used += 1
    return tuple(out)


def plain_end(text: str, lettering: Lettering) -> str:
    """A cut's sign in the letters that the terminal has."""
    return text.replace("…", "~") if lettering("…") != "…" else text


def lay(block: Block, width: int, measure: int, lettering: Lettering) -> list[Line]:
    """A block as lines."""
    if block.cells:
        return [fit(block.cells, width, lettering)]
    if not block.runs:
        return [()]
    across = width if block.wide else min(width, measure + block.indent)
    runs = [Run(lettering(shown(run.text)), run.role, run.target) for run in block.runs]
    return wrap(runs, across, block.indent, block.hang)


def spaced(blocks: Sequence[Block], i: int, width: int, measure: int, lettering: Lettering, spacing: str) -> list[Line]:
    """A block as lines, as far apart as the player has set.

    Close: paragraphs of the story follow one another without an empty line, the next indented.
    Open: a free line after each of their lines.
    """
    block = blocks[i]
    if spacing == "close":
        after = i > 0 and blocks[i - 1].prose
        if after and block == BLANK and i + 1 < len(blocks) and blocks[i + 1].prose:
            return []
        if block.prose and i > 1 and blocks[i - 1] == BLANK and blocks[i - 2].prose:
            block = block._replace(indent=block.indent + 2)
    lines = lay(block, width, measure, lettering)
    if spacing == "open" and block.prose and len(lines) > 1:
        return [line for pair in ((line, ()) for line in lines) for line in pair][:-1]
    return lines
