"""What is recorded about posts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from coachkit.domain.decision import economics
from coachkit.domain.organisation import charter as charters
from coachkit.features.organisation.posts.models import Charter, Post, PostSheet, WorkNote
from coachkit.features.organisation.posts.queries import units_of
from coachkit.platform import audit, clock
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor, require


def find_post(session: Session, post_id: int) -> Post:
    """A post, or nothing there."""
    post = session.get(Post, post_id)
    if post is None:
        raise NotFoundError
    return post


def keep_post(
    session: Session,
    actor: Actor,
    post_id: int | None,
    *,
    name: str,
    segment: str,
    units: str,
    holders: int,
    related: str,
    field_share: int,
) -> Post:
    """Write down a post, or change one."""
    require(actor, Action.ANSWER_FOR_ORGANISATION)
    found = {}
    if not units_of(units):
        found["units"] = "Name the units that the post serves, one on each line."
    taken = session.scalar(select(Post.id).where(func.lower(Post.name) == name.lower()))
    if taken is not None and taken != post_id:
        found["name"] = "There is a post of this name."
    if found:
        raise InvalidError(found)
    post = find_post(session, post_id) if post_id else Post()
    post.name, post.segment, post.units = name, segment, "\n".join(units_of(units))
    post.holders, post.related, post.field_share = holders, related, field_share
    post.changed_by, post.changed_at = actor.id, clock.now()
    session.add(post)
    session.flush()
    audit.record(session, actor, "post:keep", about=f"post:{post.id}")
    return post


def new_charter(
    session: Session,
    actor: Actor,
    post_id: int,
    content: Mapping[str, str],
    *,
    agreed_by: str,
    review_on: date | None,
    after: int,
) -> Charter:
    """Record the next version. `after` is the version that the page was made from."""
    require(actor, Action.ANSWER_FOR_ORGANISATION)
    find_post(session, post_id)
    newest = session.scalar(select(func.max(Charter.version)).where(Charter.post_id == post_id)) or 0
    if newest != after:
        raise ConflictError("Somebody has recorded a version since you opened the page. Your text is below.")
    if found := charters.missing(content):
        raise InvalidError(found)
    row = Charter(
        post_id=post_id,
        version=newest + 1,
        content=dict(content),
        agreed_by=agreed_by,
        review_on=review_on,
        made_by=actor.id,
        made_at=clock.now(),
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, "charter:record", about=f"charter:{row.id}", post=post_id, version=row.version)
    return row


Given = Mapping[str, tuple[float | None, float | None, float | None]]


def keep_sheet(session: Session, actor: Actor, post_id: int, currency: str, given: Given, version: int) -> PostSheet:
    """Keep the figures of a post. An end of a range that is left empty is the figure itself."""
    require(actor, Action.ANSWER_FOR_ORGANISATION)
    find_post(session, post_id)
    if found := economics.problems(given):
        raise InvalidError(found)
    row = session.get(PostSheet, post_id, with_for_update=True)
    if (row.version if row else 0) != version:
        raise ConflictError("Somebody has changed these figures since you opened the page. Yours are below.")
    if row is None:
        row = PostSheet(post_id=post_id, version=0)
        session.add(row)
    row.currency, row.version = currency, version + 1
    row.figures = {
        name: [value, value if low is None else low, value if high is None else high]
        for name, (value, low, high) in given.items()
    }
    row.changed_by, row.changed_at = actor.id, clock.now()
    session.flush()
    audit.record(session, actor, "sheet:keep", about=f"post:{post_id}")
    return row


def keep_notes(session: Session, actor: Actor, kind: str, found: Mapping[str, tuple[str, bool]]) -> None:
    """Keep what was found under the headings of a work list; what has not changed stays untouched."""
    require(actor, Action.ANSWER_FOR_ORGANISATION)
    changed = 0
    for heading, (text, done) in found.items():
        key = f"{kind}:{heading}"
        row = session.get(WorkNote, key)
        if row is None and (text or done):
            row = WorkNote(key=key, text="", done=False)
            session.add(row)
        if row is not None and (row.text, row.done) != (text, done):
            row.text, row.done = text, done
            row.changed_by, row.changed_at = actor.id, clock.now()
            changed += 1
    session.flush()
    if changed:
        audit.record(session, actor, f"{kind}:keep", changed=changed)
