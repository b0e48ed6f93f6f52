"""The workspace as its pages show it, what its one form sends, and the comments that are written in it.

What was typed into rating and note is kept with every comment, as one draft.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from coachkit.domain.assessment.note_lint import advice
from coachkit.domain.assessment.passages import passages
from coachkit.domain.assessment.sheet import Line, Sheet
from coachkit.domain.content.model import Library
from coachkit.features.feedback import follow_up, forms, service, workspace
from coachkit.features.feedback.bank.queries import STARTERS, phrase, phrases_of
from coachkit.features.feedback.comments import service as comments
from coachkit.features.feedback.comments.service import Draft
from coachkit.features.feedback.desk import sending
from coachkit.features.feedback.desk.context import context_of
from coachkit.features.feedback.follow_up import FollowUp
from coachkit.features.feedback.observation.queries import notes_of
from coachkit.features.feedback.observation.service import NOTE_FIRST, levels_locked
from coachkit.features.feedback.rating_pages import looked
from coachkit.features.feedback.service import PARTS, Note
from coachkit.features.practice.access import attempt_for
from coachkit.features.practice.evidence.queries import shown_files
from coachkit.features.practice.forms import closed, draw_sheet, read_sheet, storable_lines, version_sent
from coachkit.features.practice.models import Attempt
from coachkit.platform import clock
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Actor
from coachkit.web.access import checks, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.forms import normal
from coachkit.web.library import library_of
from coachkit.web.submits import once

room = Blueprint("comments", __name__)
T = TypeVar("T")
COMMENT_FIELDS = tuple(field.name for field in fields(Draft))
PLACE = ("passage", "at", "file")
UNTAKEN = 422


def review_again(attempt: Attempt, errors: dict[str, str]) -> Response:
    """The workspace once more, with what could not be taken beside what is stored."""
    page = review_of(attempt)
    return render_review(attempt, page, dict(page.lines), page.note, errors, page.version, UNTAKEN)


def review_of(attempt: Attempt) -> workspace.ReviewPage:
    """The workspace of this attempt, for whoever is signed in."""
    library = library_of(attempt.library_version)
    return workspace.review_page(db.session(), library, library_of, attempt, the_actor().id, clock.now())


def render_review(
    attempt: Attempt,
    page: workspace.ReviewPage,
    lines: dict[str, Line],
    note: Note,
    errors: dict[str, str],
    version: int,
    code: int = 200,
) -> Response:
    """The page with these lines, whether stored or just typed. A refused form shows it again, which is a look too."""
    looked(page.learner_id, f"opened your attempt “{page.title}” to rate it", again=code == UNTAKEN)
    library = library_of(attempt.library_version)
    drawn = draw_sheet(page.criteria, lines, errors, other="", guess=False, who=page.scenario.stakeholder.name)
    if levels_locked(db.session(), page.id, the_actor().id):
        drawn = tuple(closed(field, NOTE_FIRST) for field in drawn)
    hints = advice(
        [*(getattr(part, name) for part in note.values() for name in PARTS), *(c.text for c in page.comments)]
    )
    html = render_template(
        "feedback/review.html",
        page=page,
        evidence=shown_files(db.session(), page.id),
        noted=notes_of(db.session(), page.id, {c.id: c.name for c in page.criteria}, the_actor().id),
        passages=passages(page.evidence),
        going=sending.going_out(db.session(), library_of, the_actor().id),
        beside=context_of(db.session(), library_of, attempt, the_actor().id, clock.now()),
        followed=follow_up.read(request.form) if code == UNTAKEN else page.followed,
        answers=follow_up.FIXED,
        typed_why=request.form.get("why", "") if code == UNTAKEN else "",
        comment=comment_sent() if code == UNTAKEN else comment_asked(page),
        phrases=phrases_of(db.session(), library, the_actor().id, {c.id for c in page.criteria}),
        starters=STARTERS,
        fields=drawn,
        errors=errors,
        version=version,
        note=note,
        parts=PARTS,
        hints=forms.HINTS,
        advice=hints,
        complete=sum(field.status == "complete" for field in drawn),
    )
    return make_response(html, code)


def _sent(attempt: Attempt) -> tuple[dict[str, Line], Note, int]:
    criteria = library_of(attempt.library_version).scenario(attempt.scenario_id).criteria
    return dict(read_sheet(request.form, criteria)), forms.read_note(request.form), version_sent(request.form)


def comment_sent() -> Draft:
    """The comment that the workspace's form holds beside rating and note."""
    return Draft(**{part: (normal(request.form.get(f"comment-{part}", "")) or "").strip() for part in COMMENT_FIELDS})


def comment_asked(page: workspace.ReviewPage) -> Draft:
    """What the comment's fields hold on a fresh page: nothing, a comment to reword, or a phrase to begin with."""
    me, asked = the_actor().id, request.args
    if (row := comments.own(db.session(), me, page.id, asked.get("comment", ""))) is not None:
        return comments.draft_of(row)
    chosen = phrase(db.session(), me, asked.get("phrase", ""))
    if chosen is None:
        return Draft()
    criterion = chosen.criterion_id if chosen.criterion_id in {c.id for c in page.criteria} else ""
    place = {name: asked.get(name, "") for name in PLACE}
    return Draft(criterion=criterion, text=chosen.text, **place)


def all_added(act: Callable[..., T]) -> Callable[..., T]:
    """The same act, unless the form still holds a comment that was not added and would be lost."""

    def checked(session: Session, actor: Actor, library: Library, number: int, *args: Any, **more: Any) -> T:  # noqa: ANN401
        sent = comment_sent()
        row = comments.own(session, actor.id, number, sent.id)
        if sent.begun and (row is None or (row.text, row.excerpt) != (sent.text, sent.excerpt)):
            raise InvalidError({"comment-text": "This comment is not added yet. Add it, or empty its fields."})
        return act(session, actor, library, number, *args, **more)

    return checked


def write_review(attempt_id: int, act: Callable[..., T]) -> T | Response:
    """Hand rating and note to a service; what cannot be taken comes back as it was typed."""
    attempt = attempt_for(db.session(), attempt_id, Action.RATE_ATTEMPT)
    library = library_of(attempt.library_version)
    lines, note, version = _sent(attempt)
    try:
        storable_lines(lines)
        forms.storable_note(note)
        forms.storable_comment(comment_sent())
        followed = follow_up.read(request.form)
        return act(db.session(), the_actor(), library, attempt_id, lines, note, version=version, followed=followed)
    except InvalidError as error:
        roll_back()
        return render_review(attempt, review_of(attempt), lines, note, error.fields, version, UNTAKEN)


def _back(attempt_id: int, words: str) -> ResponseReturnValue:
    flash(words, "ok")
    return redirect(url_for("feedback.review", attempt_id=attempt_id) + "#comments", 303)


def with_draft(act: Callable[[Session, Actor, Library, int], object]) -> Callable[..., int]:
    """Keep rating and note as a draft, and then do this as well."""

    def both(
        session: Session,
        actor: Actor,
        library: Library,
        number: int,
        lines: Sheet,
        note: Note,
        *,
        version: int,
        followed: FollowUp,
    ) -> int:
        kept = service.save_draft(session, actor, library, number, lines, note, version=version, followed=followed)
        act(session, actor, library, number)
        return kept

    return both


@room.post("/feedback/<int:attempt_id>/comments")
@checks(Action.RATE_ATTEMPT)
@once
def comment(attempt_id: int) -> ResponseReturnValue:
    sent = comment_sent()
    # The key «enter» in any field of the review presses this button, the page's first: then only the draft is kept.
    written = sent.begun or sent.passage or sent.at

    def add(session: Session, actor: Actor, library: Library, number: int) -> None:
        if written:
            comments.comment(session, actor, library, number, sent)

    kept = write_review(attempt_id, with_draft(add))
    if isinstance(kept, Response):
        return kept
    words = "Your comment is kept, and your draft with it." if written else "Your draft is kept."
    return _back(attempt_id, words + " The learner sees nothing of it yet.")


@room.post("/feedback/<int:attempt_id>/comments/<int:comment_id>/delete")
@checks(Action.RATE_ATTEMPT)
@once
def take_back(attempt_id: int, comment_id: int) -> ResponseReturnValue:
    def take_away(session: Session, actor: Actor, _library: Library, number: int) -> None:
        comments.take_back(session, actor, number, comment_id)

    kept = write_review(attempt_id, with_draft(take_away))
    if isinstance(kept, Response):
        return kept
    return _back(attempt_id, "The comment is deleted, and your draft is kept.")


@room.post("/feedback/<int:attempt_id>/comments/<int:comment_id>/edit")
@checks(Action.RATE_ATTEMPT)
@once
def reword(attempt_id: int, comment_id: int) -> ResponseReturnValue:
    """The draft is kept, and the page comes back with this comment in its fields."""

    def hers(session: Session, actor: Actor, _library: Library, number: int) -> None:
        if comments.own(session, actor.id, number, str(comment_id)) is None:
            raise NotFoundError

    kept = write_review(attempt_id, all_added(with_draft(hers)))
    if isinstance(kept, Response):
        return kept
    return redirect(url_for("feedback.review", attempt_id=attempt_id, comment=comment_id) + "#comment-text", 303)
