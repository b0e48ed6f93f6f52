"""Posts: their load, charters and sheets; two work lists; the small print."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coachkit.domain.decision import economics
from coachkit.domain.decision.readiness import Result
from coachkit.domain.decision.warning import WARNING
from coachkit.domain.organisation.lists import GAPS, INHERITED
from coachkit.features.organisation.posts import drawing, forms, queries, service
from coachkit.features.organisation.queries import readiness_today
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, allows
from coachkit.web.access import needs, the_actor
from coachkit.web.forms import BaseForm, refused
from coachkit.web.library import current_library
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("posts", __name__)


def _may_change() -> bool:
    return allows(the_actor(), Action.ANSWER_FOR_ORGANISATION)


def draw(template: str, **context: Any) -> str:  # noqa: ANN401
    """A page of this corner."""
    return render_template(f"organisation/{template}.html", may_change=_may_change(), **context)


def again(template: str, **context: Any) -> ResponseReturnValue:  # noqa: ANN401
    """The page with what was typed."""
    return refused(f"organisation/{template}.html", may_change=_may_change(), **context)


@room.get("/organisation")
@needs(Action.READ_READINESS)
def organisation() -> ResponseReturnValue:
    session = db.session()
    _row, result = readiness_today(session)
    may_invite = allows(the_actor(), Action.INVITE_ANSWERS)
    return draw("organisation", posts=queries.posts(session), readiness=result, may_invite=may_invite)


@room.get("/organisation/small-print")
@needs(Action.READ_CHARTER)
def small_print() -> ResponseReturnValue:
    _row, result = readiness_today(db.session())
    may_see = allows(the_actor(), Action.READ_READINESS)
    return draw("small_print", warning=WARNING, readiness=result if may_see else None)


@room.get("/organisation/load")
@needs(Action.READ_READINESS)
def load() -> ResponseReturnValue:
    return draw("load", posts=queries.posts(db.session()))


@room.route("/organisation/posts/new", methods=["GET", "POST"])
@needs(Action.ANSWER_FOR_ORGANISATION)
@once
def new_post() -> ResponseReturnValue:
    return _post(None)


@room.route("/organisation/posts/<int:post_id>", methods=["GET", "POST"])
@needs(Action.ANSWER_FOR_ORGANISATION)
@once
def post(post_id: int) -> ResponseReturnValue:
    return _post(post_id)


def _post(post_id: int | None) -> ResponseReturnValue:
    form = forms.post_form(service.find_post(db.session(), post_id) if post_id else None)
    if not form.sent_well():
        return again("post", form=form, post_id=post_id) if form.errors else draw("post", form=form, post_id=post_id)
    try:
        service.keep_post(
            db.session(),
            the_actor(),
            post_id,
            name=form.name.data,
            segment=form.segment.data,
            units=form.units.data,
            holders=form.holders.data,
            related=form.related.data,
            field_share=form.field_share.data,
        )
    except InvalidError as error:
        form.take(error)
        return again("post", form=form, post_id=post_id)
    flash("Written down.", "ok")
    return redirect(url_for("organisation.posts.load"), 303)


@room.get("/organisation/charter")
@needs(Action.READ_CHARTER)
def charters() -> ResponseReturnValue:
    return draw("charters", posts=queries.posts(db.session()))


@room.get("/organisation/charter/<int:post_id>")
@room.get("/organisation/charter/<int:post_id>/versions/<int:version>")
@needs(Action.READ_CHARTER)
def charter(post_id: int, version: int | None = None) -> ResponseReturnValue:
    page = queries.charter_page(db.session(), post_id, version)
    if page is None:
        raise NotFoundError
    return draw("charter", page=page)


@room.route("/organisation/charter/<int:post_id>/write", methods=["GET", "POST"])
@needs(Action.ANSWER_FOR_ORGANISATION)
@once
def write_charter(post_id: int) -> ResponseReturnValue:
    session = db.session()
    found = service.find_post(session, post_id)
    row = queries.charter_row(session, post_id)
    form = forms.charter_form(row)
    context: dict[str, Any] = {"form": form, "post": found.name, "post_id": post_id, "after": row.version if row else 0}
    if not form.sent_well():
        return again("write_charter", **context) if form.errors else draw("write_charter", **context)
    try:
        made = service.new_charter(
            session,
            the_actor(),
            post_id,
            forms.charter_content(form),
            agreed_by=form["agreed_by"].data or "",
            review_on=form["review_on"].data,
            after=row_sent("after"),
        )
    except InvalidError as error:
        form.take(error)
        return again("write_charter", **context)
    flash(f"Version {made.version} is recorded. Earlier ones stay readable.", "ok")
    return redirect(url_for("organisation.posts.charter", post_id=post_id), 303)


@room.get("/organisation/options")
@needs(Action.READ_READINESS)
def options() -> ResponseReturnValue:
    session = db.session()
    _row, result = readiness_today(session)
    return draw("options", posts=queries.posts(session), **_panel(result))


def _panel(result: Result) -> dict[str, Any]:
    return {
        "readiness": result,
        "options": [(option, economics.closed_because(option.id, result)) for option in economics.OPTIONS],
    }


@room.get("/organisation/options/<int:post_id>")
@needs(Action.READ_READINESS)
def sheet(post_id: int) -> ResponseReturnValue:
    session = db.session()
    page = queries.sheet_page(session, post_id)
    if page is None:
        raise NotFoundError
    _row, result = readiness_today(session)
    comparing = result is Result.READY and page.sheet is not None
    return draw(
        "sheet",
        page=page,
        picture=drawing.picture(page.sheet, page.currency) if comparing and page.sheet else None,
        comparing=comparing,
        money=drawing.money,
        amount=drawing.amount,
        **_panel(result),
    )


@room.route("/organisation/options/<int:post_id>/figures", methods=["GET", "POST"])
@needs(Action.ANSWER_FOR_ORGANISATION)
@once
def figures(post_id: int) -> ResponseReturnValue:
    session = db.session()
    page = queries.sheet_page(session, post_id)
    if page is None:
        raise NotFoundError
    form = forms.sheet_form(page.currency, {line.figure.id: line.span for line in page.lines})
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "figures": economics.FIGURES,
        "version": queries.sheet_version(session, post_id),
    }
    if not form.sent_well():
        return again("figures", **context) if form.errors else draw("figures", **context)
    try:
        service.keep_sheet(
            session, the_actor(), post_id, form["currency"].data, forms.sheet_given(form), row_sent("version")
        )
    except InvalidError as error:
        form.take(error)
        return again("figures", **context)
    flash("The figures are kept with the post.", "ok")
    return redirect(url_for("organisation.posts.sheet", post_id=post_id), 303)


def _work_list(kind: str, headings: tuple[tuple[str, str], ...], tick: str, **context: Any) -> ResponseReturnValue:  # noqa: ANN401
    found = {heading: (row.text, row.done) for heading, row in queries.notes(db.session(), kind).items()}
    form = forms.notes_form(headings, found, tick)
    if not form.sent_well():
        return again(kind, form=form, **context) if form.errors else draw(kind, form=form, **context)
    service.keep_notes(db.session(), the_actor(), kind, _typed(form, headings))
    flash("Saved.", "ok")
    return redirect(url_for(f"organisation.posts.{kind}"), 303)


def _typed(form: BaseForm, headings: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, bool]]:
    return {heading: (form[heading].data or "", bool(form[f"done-{heading}"].data)) for heading, _label in headings}


@room.route("/organisation/inherited", methods=["GET", "POST"])
@needs(Action.ANSWER_FOR_ORGANISATION)
@once
def inherited() -> ResponseReturnValue:
    return _work_list(
        "inherited", tuple((item.id, "What you found") for item in INHERITED), "Found out", items=INHERITED
    )


@room.route("/organisation/gap", methods=["GET", "POST"])
@needs(Action.ANSWER_FOR_ORGANISATION)
@once
def gap() -> ResponseReturnValue:
    modules = {module.id: module for module in current_library().modules}
    gaps = [(item, [modules[name] for name in item.modules if name in modules]) for item in GAPS]
    label = "What shows it, with a figure and its day, and what else must change"
    return _work_list(
        "gap", tuple((item.id, label) for item in GAPS), "This is a gap that the role is to close", gaps=gaps
    )
