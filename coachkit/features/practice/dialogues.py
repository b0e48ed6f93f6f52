"""Playing a branching dialogue alone. A play is seen by whoever plays it, and by nobody else in any form."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from coachkit.domain.content.model import Choice, Dialogue, Ending, Library, Node
from coachkit.domain.dialogue import drawing
from coachkit.domain.dialogue.story import OffPathError, Turn, least_turns, play, shuffled, turning_point
from coachkit.features.practice.models import DialoguePlay
from coachkit.platform import clock
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require

LibraryOf = Callable[[str], Library]
MOST_LISTED = 40
CHOOSE = "Choose one of the moves first."


def _dialogue(library: Library, dialogue_id: str) -> Dialogue:
    try:
        return library.dialogue(dialogue_id)
    except KeyError as error:
        raise NotFoundError from error


def start(session: Session, actor: Actor, library: Library, dialogue_id: str, path: Iterable[str] = ()) -> DialoguePlay:
    """Begin a play, from the start or after moves that are open in this version."""
    require(actor, Action.LEARN)
    dialogue, moves = _dialogue(library, dialogue_id), list(path)
    ended = play(dialogue, moves).ended
    row = DialoguePlay(
        person_id=actor.id,
        dialogue_id=dialogue_id,
        library_version=library.version,
        path=moves,
        seed=secrets.randbelow(2**31),
        created_at=clock.now(),
        ended_at=clock.now() if ended else None,
    )
    session.add(row)
    session.flush()
    return row


def mine(session: Session, actor: Actor, play_id: int, *, lock: bool = False) -> DialoguePlay:
    """A play of the actor's own; anybody else's does not exist."""
    require(actor, Action.LEARN)
    query = select(DialoguePlay).where(DialoguePlay.id == play_id, DialoguePlay.person_id == actor.id)
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def choose(session: Session, actor: Actor, library_of: LibraryOf, play_id: int, choice_id: str, turn: int) -> bool:
    """Make a move. False where the play has gone on since the page was made: then nothing changes."""
    row = mine(session, actor, play_id, lock=True)
    if turn != len(row.path) or row.ended_at is not None:
        return False
    try:
        position = play(_dialogue(library_of(row.library_version), row.dialogue_id), [*row.path, choice_id])
    except OffPathError as error:
        raise InvalidError({"choice": CHOOSE}) from error
    row.path = [*row.path, choice_id]
    if position.ended:
        row.ended_at = clock.now()
    session.flush()
    return True


def replay(session: Session, actor: Actor, library_of: LibraryOf, play_id: int, turn: int) -> DialoguePlay:
    """A new play that begins with the first `turn` moves of an earlier one, in the text that it saw."""
    row = mine(session, actor, play_id)
    if not 0 <= turn < max(1, len(row.path)):
        raise NotFoundError
    return start(session, actor, library_of(row.library_version), row.dialogue_id, row.path[:turn])


@dataclass(frozen=True, slots=True)
class PlayLine:
    """An earlier play in a list."""

    url: str
    created_at: datetime
    ended_at: datetime | None
    turns: int


@dataclass(frozen=True, slots=True)
class DialogueCard:
    """A dialogue in the list, with what its reader has seen of it."""

    id: str
    title: str
    setting: str
    status: str
    endings: int
    found: int
    open_play: str
    """Where an unfinished play goes on, or empty."""
    scenario_id: str


@dataclass(frozen=True, slots=True)
class StartPage:
    """A dialogue before it is played."""

    dialogue: Dialogue
    card: DialogueCard
    plays: tuple[PlayLine, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A line of what was said so far."""

    who: str
    says: str


@dataclass(frozen=True, slots=True)
class TurnView:
    """One turn of an ended play."""

    number: int
    heading: str
    turned: bool
    said: str
    did: str
    thought: str
    point: str
    moved: str
    rows: tuple[drawing.Row, ...]
    step: int
    """Moves before this turn; a replay starts after them."""


@dataclass(frozen=True, slots=True)
class PlayPage:
    """One play: the moment it stands at, or the ending and the way there."""

    id: int
    dialogue: Dialogue
    other: str
    """Who speaks on the other side."""
    said: tuple[Said, ...]
    node: Node | None
    choices: tuple[Choice, ...]
    turn: int
    least: int
    ending: Ending | None
    nth_ending: int
    turns: tuple[TurnView, ...]
    scenario_id: str
    partner_minutes: int

    @property
    def ended(self) -> bool:
        return not self.choices


def _plays(session: Session, person_id: int, dialogue_id: str | None = None) -> list[DialoguePlay]:
    query = select(DialoguePlay).where(DialoguePlay.person_id == person_id)
    if dialogue_id is not None:
        query = query.where(DialoguePlay.dialogue_id == dialogue_id)
    return list(session.scalars(query.order_by(DialoguePlay.id.desc())))


def _endings_found(library_of: LibraryOf, rows: Iterable[DialoguePlay]) -> list[str]:
    """Endings of these plays, first found first."""
    found: dict[str, None] = {}
    for row in sorted(rows, key=lambda r: r.id):
        if row.ended_at is not None:
            ending = play(_dialogue(library_of(row.library_version), row.dialogue_id), row.path).ending
            found |= {ending.id: None} if ending else {}
    return list(found)


def _card(library: Library, library_of: LibraryOf, dialogue: Dialogue, rows: list[DialoguePlay]) -> DialogueCard:
    known = {ending.id for ending in dialogue.endings}
    unfinished = next((row for row in rows if row.ended_at is None and row.path), None)
    scenario = next((s for s in library.scenarios if s.id == dialogue.scenario), None)
    return DialogueCard(
        id=dialogue.id,
        title=dialogue.title,
        setting=f"{scenario.stakeholder.name}, {scenario.stakeholder.role}" if scenario else "",
        status=dialogue.status,
        endings=len(dialogue.endings),
        found=len(known.intersection(_endings_found(library_of, rows))),
        open_play=play_address(unfinished.id) if unfinished else "",
        scenario_id=scenario.id if scenario else "",
    )


def play_address(play_id: int) -> str:
    return f"/practice/dialogues/plays/{play_id}"


def dialogue_cards(
    session: Session, library: Library, library_of: LibraryOf, person_id: int
) -> tuple[DialogueCard, ...]:
    """All dialogues, by title."""
    rows = _plays(session, person_id)
    return tuple(
        _card(library, library_of, dialogue, [row for row in rows if row.dialogue_id == dialogue.id])
        for dialogue in sorted(library.dialogues, key=lambda d: (d.title.lower(), d.id))
    )


def start_page(
    session: Session, library: Library, library_of: LibraryOf, person_id: int, dialogue_id: str
) -> StartPage:
    """One dialogue with one's own plays of it."""
    dialogue = _dialogue(library, dialogue_id)
    rows = _plays(session, person_id, dialogue_id)
    lines = tuple(PlayLine(play_address(r.id), r.created_at, r.ended_at, len(r.path)) for r in rows[:MOST_LISTED])
    return StartPage(dialogue, _card(library, library_of, dialogue, rows), lines)


def play_page(session: Session, library_of: LibraryOf, row: DialoguePlay) -> PlayPage:
    """Where a play stands, told from its moves."""
    library = library_of(row.library_version)
    dialogue = _dialogue(library, row.dialogue_id)
    position = play(dialogue, row.path)
    scenario = next((s for s in library.scenarios if s.id == dialogue.scenario), None)
    other = scenario.stakeholder.name.split(" ")[0] if scenario else "They"
    found = _endings_found(library_of, _plays(session, row.person_id, row.dialogue_id)) if position.ending else []
    return PlayPage(
        id=row.id,
        dialogue=dialogue,
        other=other,
        said=tuple(line for turn in position.turns for line in _said(turn, other)),
        node=position.node,
        choices=shuffled(position.open, row.seed, len(row.path)),
        turn=len(row.path),
        least=least_turns(dialogue, row.path),
        ending=position.ending,
        nth_ending=found.index(position.ending.id) + 1 if position.ending else 0,
        turns=_turns(dialogue, row.path, position.turns) if position.ended else (),
        scenario_id=scenario.id if scenario else "",
        partner_minutes=scenario.minutes.play + scenario.minutes.debrief if scenario else 0,
    )


def _said(turn: Turn, other: str) -> tuple[Said, ...]:
    return (Said(other, turn.node.says or ""), Said("You", turn.choice.do))


def _turns(dialogue: Dialogue, path: list[str], turns: tuple[Turn, ...]) -> tuple[TurnView, ...]:
    turned, scale = turning_point(dialogue, path), drawing.scales(turns)
    return tuple(
        TurnView(
            number=index + 1,
            heading=f"Turn {index + 1}: where the talk turned" if index == turned else f"Turn {index + 1}",
            turned=index == turned,
            said=turn.node.says or "",
            did=turn.choice.do,
            thought=turn.choice.thinks,
            point=turn.choice.point,
            moved=drawing.in_words(turn.before, turn.after),
            rows=drawing.rows(turn, scale),
            step=index,
        )
        for index, turn in enumerate(turns)
    )
