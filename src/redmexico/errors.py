"""Everything that can go wrong, as a tree.

RedMexicoError                 what went wrong, where, and what to do
├── BadExpression              a condition or amount that cannot be read
├── BadText                    prose whose marks cannot be read
├── BrokenPack                 a story that cannot be loaded; carries every problem found
├── UnknownChoice              a choice that is not offered here
├── LockedChoice               a choice whose needs are not met
├── EndlessStory               scenes that send the player in a circle
├── CampaignEnded              a choice after the end
└── CampaignFault              what `saves` has to say of a file
    ├── UnknownCampaign        there is none of that name
    ├── CampaignInUse          another window plays it; carries the holder
    ├── DamagedCampaign        its bytes are not what was written; carries the place
    ├── NewerCampaign          written by a later version of the game
    ├── NotACampaign           some other file, or a link
    ├── CampaignExists         a file is in the way, and nothing is ever overwritten
    ├── CannotSave             the disk or its owner says no
    ├── CampaignFull           at the limit of records or bytes
    └── UnsoundRecord          a record that could not be read back: our bug, not the player's
"""

from __future__ import annotations


class RedMexicoError(Exception):
    """Something the player or writer has to know: what, where, and the remedy."""

    def __init__(self, message: str, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f" ({self.hint})" if self.hint else ""
        return f"{place}{self.message}{remedy}"


class BadExpression(RedMexicoError):
    """A condition or amount that cannot be read; `column` counts from 0 inside it."""

    def __init__(self, message: str, column: int = 0, length: int = 1, hint: str = "", code: str = "RM205") -> None:
        super().__init__(message, hint=hint)
        self.column = column
        self.length = length
        self.code = code


class BadText(RedMexicoError):
    """Prose whose marks cannot be read; `offset` counts characters from its start."""

    def __init__(self, message: str, offset: int = 0, length: int = 1, hint: str = "", code: str = "RM501") -> None:
        super().__init__(message, hint=hint)
        self.offset = offset
        self.length = length
        self.code = code


class BrokenPack(RedMexicoError):
    """A story that cannot be loaded. `problems` lists every finding, sorted."""

    def __init__(self, message: str, problems: tuple[object, ...] = (), where: str = "", hint: str = "") -> None:
        super().__init__(message, where, hint)
        self.problems = problems


class UnknownChoice(RedMexicoError):
    """A choice that is not offered in this passage."""


class LockedChoice(RedMexicoError):
    """A choice whose needs are not met; the message says which."""


class EndlessStory(RedMexicoError):
    """Scenes that lead into one another without a choice; the message prints the circle."""


class CampaignEnded(RedMexicoError):
    """A choice after the campaign has ended."""


class CampaignFault(RedMexicoError):
    """What is wrong with a campaign's file."""


class UnknownCampaign(CampaignFault):
    """There is no campaign of this name in the folder."""


class CampaignInUse(CampaignFault):
    """Another window plays this campaign; `holder` says which, as far as it is known."""

    def __init__(self, message: str, holder: str = "", where: str = "", hint: str = "") -> None:
        super().__init__(message, where, hint)
        self.holder = holder


class DamagedCampaign(CampaignFault):
    """A campaign's bytes are not what was written, from `offset` in `record`, after `step`."""

    def __init__(
        self, message: str, step: int = 0, record: int = 0, offset: int = 0, where: str = "", hint: str = ""
    ) -> None:
        super().__init__(message, where, hint)
        self.step = step
        self.record = record
        self.offset = offset


class NewerCampaign(CampaignFault):
    """A campaign written by a later version of the game; it is left as it is."""


class NotACampaign(CampaignFault):
    """A file that is no campaign: something else by its first line, a link, a folder, a device."""


class CampaignExists(CampaignFault):
    """A file of that name is there already, and nothing is ever overwritten."""


class CannotSave(CampaignFault):
    """The disk, or its owner, does not let a campaign be written."""


class CampaignFull(CampaignFault):
    """A campaign's file is at its limit; the present branch alone would fit into a new one."""


class UnsoundRecord(CampaignFault):
    """A record that could not be read back: a fault of the game, found before it was written."""
