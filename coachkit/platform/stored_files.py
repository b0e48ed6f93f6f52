"""Files that arrive in pieces: begun, brought piece by piece, finished, held back until looked at, taken away.

The row of a file is committed before its first byte is kept, and the row of a piece before that piece is. So whatever
lies in the store has a row that knows of it, and nothing is left behind however processes die.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from coachkit.platform import clock
from coachkit.platform.db import Base, Id
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.files import FileStore

PIECE = 256 * 1024
"""Bytes of every piece but the last: small enough that other requests get their turn between two of them."""
OPEN, CHECKING, KEPT, REFUSED, DOOMED = "open", "checking", "kept", "refused", "doomed"
COUNTED = (OPEN, CHECKING, KEPT)
FORGOTTEN_AFTER = timedelta(hours=24)
"""An upload that nobody has gone on with for so long is given up."""
IN_FLIGHT = timedelta(minutes=10)
"""A piece that was on its way when its file ended has arrived by then, and goes with the rest."""
OUT_OF_STEP = "This piece is not the next one. Ask how far the file has come, and go on from there."


class StoredFile(Base):
    """One file in the store, or on its way there."""

    __tablename__ = "stored_file"

    id: Mapped[Id]
    token: Mapped[str] = mapped_column(String(32), unique=True)
    """Its name in the store. It is no key: whoever asks for a file is asked who he is."""
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    """Against whose quota it counts."""
    receipt: Mapped[str] = mapped_column(String(43))
    """The submit key with which it was begun; the same key leads to the same file."""
    size: Mapped[int]
    """As announced, and exactly so once it is whole."""
    media_type: Mapped[str] = mapped_column(String(40), default="")
    """What its first piece says that it is."""
    state: Mapped[str] = mapped_column(String(10))
    problem: Mapped[str] = mapped_column(String(200), default="")
    """Why it was refused, for its owner."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    touched_at: Mapped[datetime]
    remove_after: Mapped[datetime | None]
    """Doomed files: from when on the bytes may go."""

    __table_args__ = (
        CheckConstraint("state in ('open', 'checking', 'kept', 'refused', 'doomed')", name="state"),
        UniqueConstraint("owner_id", "receipt"),
        Index("ix_stored_file_state", "state", "touched_at"),
    )


class FilePiece(Base):
    """One piece, announced before it is written and marked once it is."""

    __tablename__ = "file_piece"

    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    kept: Mapped[bool] = mapped_column(default=False)


@dataclass(frozen=True, slots=True)
class Limits:
    """What a house allows."""

    file_bytes: int
    person_bytes: int


def megabytes(count: int) -> str:
    """«12 MB», «0.4 MB», «24 kB»."""
    if 0 < count < 100_000:  # noqa: PLR2004
        return f"{-(-count // 1000)} kB"
    value = count / 1_000_000
    return f"{value:.0f} MB" if value >= 10 else f"{value:.1f} MB"  # noqa: PLR2004


def used_by(session: Session, owner_id: int) -> int:
    """Bytes that count against a person's quota, those still on their way included."""
    query = select(func.coalesce(func.sum(StoredFile.size), 0))
    return int(session.scalar(query.where(StoredFile.owner_id == owner_id, StoredFile.state.in_(COUNTED))) or 0)


def begin(session: Session, owner_id: int, receipt: str, size: int, limits: Limits) -> StoredFile:
    """A place for a file of this size, or the one that this receipt was given before.

    The caller holds the owner's row: two uploads at once are counted one after the other.
    """
    known = session.scalars(
        select(StoredFile).where(StoredFile.owner_id == owner_id, StoredFile.receipt == receipt)
    ).one_or_none()
    if known is not None:
        return known
    if size < 1:
        raise InvalidError({"file": "This file is empty. Choose another one."})
    if size > limits.file_bytes:
        raise InvalidError(
            {"file": f"This file has {megabytes(size)}. At most {megabytes(limits.file_bytes)} are taken."}
        )
    free = limits.person_bytes - used_by(session, owner_id)
    if size > free:
        raise InvalidError(
            {
                "file": f"This file has {megabytes(size)}, and {megabytes(max(free, 0))} of your "
                f"{megabytes(limits.person_bytes)} are free. Delete a file that you no longer need first."
            }
        )
    now = clock.now()
    row = StoredFile(
        token=secrets.token_hex(16),
        owner_id=owner_id,
        receipt=receipt,
        size=size,
        state=OPEN,
        created_at=now,
        touched_at=now,
        remove_after=None,
    )
    session.add(row)
    session.flush()
    return row


def lock(session: Session, file_id: int) -> StoredFile:
    """The file as it is now, ours until the transaction ends."""
    query = select(StoredFile).where(StoredFile.id == file_id).with_for_update()
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFoundError
    return row


def pieces_of(session: Session, file_id: int) -> Sequence[FilePiece]:
    """What was announced of a file, in order."""
    return session.scalars(select(FilePiece).where(FilePiece.file_id == file_id).order_by(FilePiece.number)).all()


def arrived(session: Session, file_id: int) -> int:
    """How many bytes are kept: where an interrupted upload goes on."""
    query = select(func.coalesce(func.sum(FilePiece.size), 0))
    return int(session.scalar(query.where(FilePiece.file_id == file_id, FilePiece.kept)) or 0)


def announce(session: Session, row: StoredFile, offset: int, data: bytes) -> bool:
    """Write down a piece before it is kept. False where it is kept already: a repeat after a lost answer."""
    number, rest = divmod(offset, PIECE)
    expected = min(PIECE, row.size - offset)
    if rest or expected < 1 or len(data) != expected:
        raise InvalidError(
            {"file": f"Pieces have {PIECE} bytes and lie one behind the other; the last one may be shorter."}
        )
    sha256 = hashlib.sha256(data).hexdigest()
    piece = session.get(FilePiece, (row.id, number), populate_existing=True)
    if piece is not None and piece.sha256 != sha256:
        raise ConflictError("Another file has come under the same name meanwhile. Begin this upload afresh.")
    if piece is not None and piece.kept:
        return False
    if row.state != OPEN:
        raise ConflictError("This file takes no more pieces.")
    if offset != arrived(session, row.id):
        raise ConflictError(OUT_OF_STEP)
    if piece is None:
        session.add(FilePiece(file_id=row.id, number=number, size=len(data), sha256=sha256))
    row.touched_at = clock.now()
    session.flush()
    return True


def mark_kept(session: Session, file_id: int, offset: int) -> None:
    """The piece lies in the store now."""
    row = lock(session, file_id)
    if row.state != OPEN:  # it ended while this piece was on its way; both go together
        raise ConflictError("This file was given up meanwhile.")
    session.execute(
        update(FilePiece).where(FilePiece.file_id == file_id, FilePiece.number == offset // PIECE).values(kept=True)
    )
    row.touched_at = clock.now()
    session.flush()


def digest_of(pieces: Sequence[FilePiece]) -> str:
    """What stands for the whole: the SHA-256 of its pieces' SHA-256s, in order, as hexadecimal text."""
    return hashlib.sha256("".join(piece.sha256 for piece in pieces).encode()).hexdigest()


def finish(session: Session, row: StoredFile, digest: str, *, hold: bool) -> None:
    """All of it is there and is what was sent. With `hold` it still has to be looked at. A repeat changes nothing."""
    if row.state in {CHECKING, KEPT} and row.digest == digest:
        return
    if row.state != OPEN:
        raise ConflictError("This file takes no more pieces.")
    if arrived(session, row.id) != row.size:
        raise ConflictError("Not all of this file is here yet. Ask how far it has come, and go on from there.")
    found = digest_of(pieces_of(session, row.id))
    if found != digest:
        raise ConflictError("What arrived differs from what was sent. Begin this upload afresh.")
    row.digest, row.state, row.touched_at = found, CHECKING if hold else KEPT, clock.now()
    session.flush()


def refuse(row: StoredFile, problem: str) -> None:
    """It may not stay: it counts no more, nobody can open it, and its bytes go soon. Its owner reads why."""
    row.state, row.problem, row.remove_after = REFUSED, problem, clock.now() + IN_FLIGHT


def doom(row: StoredFile) -> None:
    """From now on nobody can open it. A file to which pieces may still be on their way goes a little later."""
    late = row.state == OPEN
    row.state, row.remove_after = DOOMED, clock.now() + (IN_FLIGHT if late else timedelta())


def wait_for(row: StoredFile) -> timedelta:
    """How long until the bytes of a file that ended may go."""
    return (row.remove_after or clock.now()) - clock.now()


def forgotten(session: Session) -> Sequence[int]:
    """Uploads that seem to have been left. Ask each again, with its row held, whether it was."""
    query = select(StoredFile.id).where(StoredFile.state == OPEN, StoredFile.touched_at < clock.now() - FORGOTTEN_AFTER)
    return session.scalars(query).all()


def was_left(row: StoredFile) -> bool:
    """Whether nobody has gone on with this upload for a day."""
    return row.state == OPEN and row.touched_at < clock.now() - FORGOTTEN_AFTER


@dataclass(frozen=True, slots=True)
class Leaving:
    """A file whose bytes may go."""

    id: int
    token: str
    numbers: range


def leaving(session: Session) -> tuple[Leaving, ...]:
    """Files whose bytes may go now."""
    count = select(func.count()).where(FilePiece.file_id == StoredFile.id).scalar_subquery()
    query = select(StoredFile.id, StoredFile.token, count).where(StoredFile.remove_after <= clock.now())
    return tuple(Leaving(file_id, token, range(pieces)) for file_id, token, pieces in session.execute(query))


def forget(session: Session, file_ids: Sequence[int]) -> None:
    """The bytes are gone; now the rows. What was refused keeps its row, so that its owner can read why."""
    session.execute(delete(FilePiece).where(FilePiece.file_id.in_(file_ids)))
    gone = (StoredFile.id.in_(file_ids), StoredFile.remove_after.is_not(None))
    session.execute(delete(StoredFile).where(*gone, StoredFile.state == DOOMED))
    session.execute(update(StoredFile).where(*gone).values(remove_after=None))
    session.flush()


def read(store: FileStore, token: str, first: int, last: int) -> bytes:
    """The bytes from `first` to `last`, both included."""
    numbers = range(first // PIECE, last // PIECE + 1)
    found = b"".join(store.get(token, number) for number in numbers)
    begin_at = first - numbers.start * PIECE
    return found[begin_at : begin_at + last - first + 1]
