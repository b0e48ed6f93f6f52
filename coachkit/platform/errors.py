"""What can go wrong, in the product's own words. Only `web/errors.py` turns these into pages."""

from __future__ import annotations

from collections.abc import Mapping


class CoachkitError(Exception):
    """Base of every error that a user may read about."""

    sentence = "Something went wrong."

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)
        self.sentence = sentence or self.sentence


class NotFoundError(CoachkitError):
    """The thing does not exist, or this person may not know that it does."""

    sentence = "There is nothing here, or it is not for you."


class ForbiddenError(CoachkitError):
    """The page exists for others, and saying so gives nothing away."""

    sentence = "This page is not part of your work in coachkit."


class LicenceNeededError(ForbiddenError):
    """A coach would be let in, had she a valid licence; she is told how to get one."""

    sentence = "Rating this takes a licence that you do not hold at the moment."


class ConflictError(CoachkitError):
    """Somebody, or another tab, was faster.

    `stands` is what is stored now, by the names of the fields, where the reader may see it: both texts are shown.
    """

    sentence = "This has changed since you opened it."

    def __init__(self, sentence: str = "", stands: Mapping[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.stands = dict(stands or {})


class InvalidError(CoachkitError):
    """A value cannot be accepted; `fields` maps a field's name to its message."""

    sentence = "Please look at the marked places."

    def __init__(self, fields: Mapping[str, str], sentence: str = "") -> None:
        super().__init__(sentence)
        self.fields = dict(fields)


class TooManyError(CoachkitError):
    """Asked too often; `wait_seconds` says when to come back."""

    sentence = "That was too often in a short time."

    def __init__(self, wait_seconds: int, sentence: str = "") -> None:
        super().__init__(sentence)
        self.wait_seconds = wait_seconds


class UnavailableError(CoachkitError):
    """Storage or another part is out of reach for the moment."""

    sentence = "coachkit cannot reach its storage at the moment."


class StepUpError(CoachkitError):
    """A recent proof of identity is needed before this act."""

    sentence = "Please confirm that it is you."
