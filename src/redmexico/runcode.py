"""A whole run as a line of letters: `RM1-7F3K2-Q9DXA-…`.

A campaign is a seed and a list of choices, so a code that holds both is the campaign, for whoever
has the same edition of the story. After `RM1`, the version, come letters of Crockford's base 32:
upper and lower case are one, O is 0, I and L are 1, dashes and blanks are for the eye alone. The last
five are the check. The others are the digits, lowest first, of one big number in a mixed radix:

    edition     64 bits of a hash over the story's fingerprint and the engine's rules
    start, mode their places among the story's
    seed        one bit, then eight letters of 32 (`7F3K-2Q9D`), or a length and UTF-8
    count       how many choices
    choices     each its place among those that were open; where one alone was open, no room
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from redmexico.campaign import SEED_LETTERS, Campaign
from redmexico.engine import RULES, Step, advance, begin, language_of, open_ids, position
from redmexico.errors import RedMexicoError
from redmexico.journal import Journal, has_controls
from redmexico.language import phrase
from redmexico.model import Story
from redmexico.state import TEST, Values
from redmexico.suggest import did_you_mean

VERSION = "RM1"
CHARACTERS = 4_000
"""Of the longest code that is read."""
CHOICES = 10_000
"""More than this no code holds; a campaign has some 150."""
SEED = 64
"""Characters of the longest seed."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_GROUP = 5
_CHECK = 5
"""letters of the check: a wrong code passes once in 33 million"""
_DASHES = "-‐‑‒–—−"
_NUMBERS = frozenset("0123456789IiLl")


class Run(NamedTuple):
    """What a code holds: all that a campaign is made of."""

    seed: str
    start: str
    mode: str
    choices: tuple[str, ...]
    """ids, in the order in which they were taken"""


class BadCode(RedMexicoError):
    """A code that is none, or that was mistyped."""


class OtherEdition(RedMexicoError):
    """A code, or a campaign to make one of, that does not play on this edition of the story."""


def is_code(text: str) -> bool:
    """Whether somebody means a code by this, right or wrong: `RM1-…`, of this version or another.

    >>> is_code(" rm1-7f3k2"), is_code("RM2-7F3K2"), is_code("rmx-1"), is_code("RM1.rmx.jsonl")
    (True, True, False, False)
    """
    text = text.lstrip()
    return text[:2].upper() == VERSION[:2] and text[2:3] in _NUMBERS and _is_gap(text[3:4])


def _is_gap(letter: str) -> bool:
    """Whether a letter is for the eye alone."""
    return letter != "" and (letter in _DASHES or letter.isspace())


# from a run to its code


def encode(story: Story, seed: str, start: str, mode: str, choices: Sequence[str]) -> str:
    """The code of a run on this story; an empty start or mode is the story's first.

    Raises RedMexicoError where a choice is not open at its step, and for a seed that no campaign can have.
    """
    return _coded(story, Run(seed, start, mode, tuple(choices)))[0]


def code_of(story: Story, journal: Journal) -> str:
    """The code of a campaign's present branch, made by playing it again.

    Raises OtherEdition where the branch does not play on this content, or comes out otherwise: then
    the code would be another campaign's. BadCode where it is too long.
    """
    if TEST in journal.state:
        raise OtherEdition(phrase("an author has reached into this campaign: it is a test run, and has no code"), journal.title)
    try:
        code, state = _coded(story, run_of(journal), language_of(story, journal.state_at(0)))
    except BadCode:
        raise
    except RedMexicoError as error:
        raise OtherEdition(
            phrase("this campaign does not play on this edition of the story: {problem}", problem=error.message),
            journal.title,
            error.hint,
        ) from error
    if state != journal.state:
        raise OtherEdition(
            phrase("this campaign comes out otherwise on this edition of the story, so it has no code here"),
            journal.title,
            phrase("redmexico replay tells the first step that differs"),
        )
    return code


def run_of(journal: Journal) -> Run:
    """What the present branch of a campaign is made of."""
    head = journal.head
    choices = tuple(str(journal.records[n]["choice"]) for n in journal.path())
    return Run(str(head["seed"]), str(head["start"]), str(head["mode"]), choices)


def _coded(story: Story, run: Run, language: str = "") -> tuple[str, Values]:
    """A run's code, and the state in which it ends.

    The code does not hold the language of the notebook: nothing that can be chosen depends on it.
    """
    _check_seed(run.seed)
    if len(run.choices) > CHOICES:
        raise BadCode(phrase("a code holds {most} choices, and these are {n}", most=CHOICES, n=len(run.choices)))
    step = begin(story, run.seed, run.start, run.mode, language)
    digits = _Digits()
    digits.put(_edition(story), 2**64)
    digits.put(list(story.starts).index(run.start or next(iter(story.starts))), len(story.starts))
    digits.put(list(story.modes).index(run.mode or next(iter(story.modes))), len(story.modes))
    _put_seed(digits, run.seed)
    digits.put_count(len(run.choices))
    for k, choice in enumerate(run.choices, 1):
        opened = open_ids(story, step.state)
        if choice not in opened:
            raise _not_open(step, k, choice, opened)
        digits.put(opened.index(choice), len(opened))
        step = advance(story, step.state, choice)
    code = _written(digits.letters())
    if len(code) > CHARACTERS:
        raise BadCode(
            phrase("a code has at most {most} characters, and this one would have {n}", most=CHARACTERS, n=len(code))
        )
    return code, step.state


def _not_open(step: Step, k: int, choice: str, opened: tuple[str, ...]) -> RedMexicoError:
    known = phrase("open: {choices}", choices=", ".join(opened)) if opened else phrase("the campaign has ended there")
    where = phrase("step {n}", n=k)
    if opened:
        where += f", {position(step.state)}"
    return RedMexicoError(phrase("'{choice}' is not open", choice=choice), where, did_you_mean(choice, opened) or known)


def _check_seed(seed: str) -> None:
    """A seed that a campaign's head can hold."""
    if not 0 < len(seed) <= SEED or "\n" in seed or has_controls(seed):
        raise BadCode(phrase("a seed is a line of 1 to {most} characters", most=SEED), hint=phrase("take another seed"))


def _is_usual(seed: str) -> bool:
    """Whether a seed looks as the game makes them: `7F3K-2Q9D`."""
    return len(seed) == 9 and seed[4] == "-" and all(c in SEED_LETTERS for c in seed[:4] + seed[5:])


def _put_seed(digits: _Digits, seed: str) -> None:
    usual = _is_usual(seed)
    digits.put(int(usual), 2)
    if usual:
        for letter in seed[:4] + seed[5:]:
            digits.put(SEED_LETTERS.index(letter), len(SEED_LETTERS))
        return
    coded = seed.encode()
    digits.put_count(len(coded))
    for byte in coded:
        digits.put(byte, 256)


def _edition(story: Story) -> int:
    """What a run must be played on to come out the same, in 64 bits."""
    return int.from_bytes(sha256(f"{story.fingerprint} rules {RULES}".encode()).digest()[:8], "big")


def _check(letters: str) -> str:
    """The letters that prove the others."""
    value = int.from_bytes(sha256(f"{VERSION}{letters}".encode()).digest()[:4], "big")
    return "".join(_ALPHABET[value >> 5 * i & 31] for i in range(_CHECK))


def _written(letters: str) -> str:
    """A code as it is shown, in groups of five."""
    letters += _check(letters)
    return "-".join((VERSION, *(letters[i : i + _GROUP] for i in range(0, len(letters), _GROUP))))


# from a code to its run


def decode(story: Story, code: str) -> Run:
    """The run that a code holds, played to its end.

    Raises BadCode for what is no code or was mistyped, OtherEdition where it was made with other content
    or other rules.
    """
    digits = _Digits.of(_read(code))
    if digits.take(2**64) != _edition(story):
        raise OtherEdition(
            phrase("this code was made with another edition of the story"),
            hint=phrase("this one is {story} {version}", story=story.title, version=story.version),
        )
    start = list(story.starts)[digits.take(len(story.starts))]
    mode = list(story.modes)[digits.take(len(story.modes))]
    seed = _take_seed(digits)
    count = digits.take_count(CHOICES)
    choices: list[str] = []
    try:
        state = begin(story, seed, start, mode).state
        for _ in range(count):
            opened = open_ids(story, state)
            if not opened:
                raise _unsound(phrase("it goes on after the end"))
            choices.append(opened[digits.take(len(opened))])
            state = advance(story, state, choices[-1]).state
    except BadCode:
        raise
    except RedMexicoError as error:
        raise _unsound(error.message) from error
    if not digits.empty:
        raise _unsound(phrase("something is left over"))
    return Run(seed, start, mode, tuple(choices))


def play(story: Story, run: Run, title: str = "") -> Campaign:
    """A campaign kept in memory alone, played as a run says."""
    campaign = Campaign.new(story, run.seed, run.start, run.mode, title)
    for choice in run.choices:
        campaign.choose(choice)
    return campaign


def _read(code: str) -> str:
    """A code's letters without version and check, both found right."""
    if len(code) > CHARACTERS:
        raise BadCode(phrase("a code has at most {most} characters, and this has {n}", most=CHARACTERS, n=len(code)))
    letters = "".join(_letter(c) for c in code if not _is_gap(c))
    if not letters.startswith(VERSION):
        if letters[:2] == VERSION[:2] and letters[2:3].isdigit():
            raise BadCode(
                phrase("this code is of version {version}, and this game reads {ours}", version=letters[:3], ours=VERSION)
            )
        raise BadCode(
            phrase("this is no code of a run"), hint=phrase("one looks like {code}", code=f"{VERSION}-7F3K2-Q9DXA-…")
        )
    body, check = letters[len(VERSION) : -_CHECK], letters[-_CHECK:]
    if len(letters) <= len(VERSION) + _CHECK or _check(body) != check:
        raise BadCode(
            phrase("a letter of this code is wrong or missing"), hint=phrase("compare it with the one you were given")
        )
    return body


def _letter(c: str) -> str:
    """A letter as the alphabet has it: upper case, the look-alikes as what they stand for."""
    value = _VALUES.get(c.upper())
    if value is None:
        raise BadCode(
            phrase("a letter of this code is wrong: no code has {letter}", letter=ascii(c)),
            hint=phrase("its letters are {letters}", letters=_ALPHABET),
        )
    return _ALPHABET[value]


def _take_seed(digits: _Digits) -> str:
    if digits.take(2):
        letters = "".join(SEED_LETTERS[digits.take(len(SEED_LETTERS))] for _ in range(8))
        return f"{letters[:4]}-{letters[4:]}"
    coded = bytes(digits.take(256) for _ in range(digits.take_count(4 * SEED)))
    try:
        seed = coded.decode()
    except UnicodeDecodeError:
        raise _unsound(phrase("its seed is no text")) from None
    _check_seed(seed)
    return seed


def _unsound(reason: str) -> BadCode:
    """A code whose check agrees and that no campaign gave."""
    return BadCode(phrase("this code holds no run: {reason}", reason=reason))


class _Digits:
    """A big number in a mixed radix, lowest digit first.

    >>> digits = _Digits()
    >>> digits.put(3, 10); digits.put(0, 1); digits.put_count(300)
    >>> again = _Digits.of(digits.letters())
    >>> again.take(10), again.take(1), again.take_count(1000), again.empty
    (3, 0, 300, True)
    """

    def __init__(self) -> None:
        self._value = 0
        self._scale = 1

    @classmethod
    def of(cls, letters: str) -> _Digits:
        digits = cls()
        digits._value = sum(_VALUES[c] << 5 * i for i, c in enumerate(letters))
        return digits

    def letters(self) -> str:
        """The number in base 32, lowest letter first."""
        return "".join(_ALPHABET[self._value >> 5 * i & 31] for i in range((self._value.bit_length() + 4) // 5))

    @property
    def empty(self) -> bool:
        """Whether all that was put has been taken."""
        return self._value == 0

    def put(self, digit: int, radix: int) -> None:
        self._value += digit * self._scale
        self._scale *= radix

    def take(self, radix: int) -> int:
        self._value, digit = divmod(self._value, radix)
        return digit

    def put_count(self, count: int) -> None:
        """A number without a limit: by 256, each with a bit that says whether another follows."""
        more, low = divmod(count, 256)
        self.put(low, 256)
        self.put(int(more > 0), 2)
        if more:
            self.put_count(more)

    def take_count(self, most: int) -> int:
        """A number put by `put_count`, at most so large."""
        count, scale = self.take(256), 256
        while self.take(2):
            count += self.take(256) * scale
            scale *= 256
            if scale > 2**32:
                break
        if count > most:
            raise _unsound(phrase("it counts to {n}", n=count))
        return count
