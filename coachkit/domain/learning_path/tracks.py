"""Two ways in: grown in IT, or grown in the business. Each has modules that the other does not need."""

from __future__ import annotations

from coachkit.domain.content.model import Library, Module


def on_track(library: Library, track: str) -> tuple[Module, ...]:
    """The modules of an entry track, in the library's order."""
    return tuple(module for module in library.modules if track in module.tracks)


def prerequisites(library: Library, module: Module, track: str) -> tuple[str, ...]:
    """What should come before a module on this track.

    A module of the other track is stood for by its sister, whose id goes on with a letter (`m03-b` for `m03`). Where
    there is none, it is not asked for.
    """
    ids = {each.id for each in on_track(library, track)}
    found: dict[str, None] = {}
    for wanted in module.prerequisites:
        sisters = [wanted] if wanted in ids else sorted(each for each in ids if each.startswith(f"{wanted}-"))
        found |= dict.fromkeys(sisters[:1])
    found.pop(module.id, None)
    return tuple(found)
