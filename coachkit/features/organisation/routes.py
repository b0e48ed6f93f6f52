"""The organisation before any person: the readiness check, and links for those who answer without their names."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coachkit.domain.decision.questions import BY_ID, QUESTIONS
from coachkit.domain.decision.readiness import SPREAD_FROM
from coachkit.domain.organisation import inquiry
from coachkit.domain.organisation.pulse import ITEMS
from coachkit.features.accounts.secrets import digest
from coachkit.features.organisation import forms, queries, service
from coachkit.features.organisation.pulse.forms import answer_form as pulse_answer_form
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, allows
from coachkit.web.access import needs, public, recent_proof, the_actor
from coachkit.web.forms import BaseForm, refused
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("organisation", __name__)


def draw(template: str, **context: Any) -> str:  # noqa: ANN401
    """A page of this room."""
    return render_template(f"organisation/{template}.html", **context)


def _may(action: Action) -> bool:
    return allows(the_actor(), action)


@room.get("/readiness")
@needs(Action.READ_READINESS)
def readiness() -> ResponseReturnValue:
    page, running = queries.readiness_page(db.session()), queries.check_page(db.session())
    may_answer = _may(Action.ANSWER_FOR_ORGANISATION)
    if page is None:
        return draw("no_readiness", running=running)
    return draw("readiness", page=page, running=running, may_answer=may_answer, spread_from=SPREAD_FROM)


@room.post("/readiness/begin")
@needs(Action.READ_READINESS)
@once
def begin_check() -> ResponseReturnValue:
    service.begin_check(db.session(), the_actor())
    flash("The check is open. The CIO answers here; an administrator makes the links for the others.", "ok")
    return redirect(url_for("organisation.check"), 303)


def _check_context(**changed: Any) -> dict[str, Any]:  # noqa: ANN401
    found: dict[str, Any] = {
        "page": queries.check_page(db.session()),
        "questions": QUESTIONS,
        "may_answer": _may(Action.ANSWER_FOR_ORGANISATION),
        "may_invite": _may(Action.INVITE_ANSWERS),
        "links": (),
        "life_days": service.LINK_LIFE.days,
        "spread_from": SPREAD_FROM,
    }
    return found | changed


@room.get("/readiness/check")
@needs(Action.READ_READINESS)
def check() -> ResponseReturnValue:
    form = forms.cio_form(queries.cio_answers(db.session()))
    context = _check_context(form=form, links_form=forms.links_form(inquiry.READINESS))
    if context["page"] is None:
        return redirect(url_for("organisation.readiness"), 303)
    return draw("check", **context)


@room.post("/readiness/check")
@needs(Action.ANSWER_FOR_ORGANISATION)
@once
def answer_as_cio() -> ResponseReturnValue:
    form = forms.cio_form()
    if not form.sent_well():
        return refused(
            "organisation/check.html", **_check_context(form=form, links_form=forms.links_form(inquiry.READINESS))
        )
    row = service.answer_as_cio(db.session(), the_actor(), forms.cio_answers(form), row_sent("version"))
    owed = queries.owed_by_cio(row)
    flash("Saved." if not owed else f"Saved. {len(owed)} of twelve are not complete yet; they are listed below.", "ok")
    return redirect(url_for("organisation.check"), 303)


@room.post("/readiness/links")
@needs(Action.INVITE_ANSWERS)
def make_links() -> ResponseReturnValue:
    """Links are shown once, in the answer itself; sending the form again makes others."""
    recent_proof()
    form = forms.links_form(inquiry.READINESS)
    cio = forms.cio_form(queries.cio_answers(db.session()))
    try:
        form.expect()
        wanted = {group: form[group].data or 0 for group in inquiry.GROUPS_OF[inquiry.READINESS]}
        made = service.make_links(db.session(), the_actor(), inquiry.READINESS, wanted)
    except InvalidError as error:
        if not error.fields and not form.errors:
            form.form_errors.append(error.sentence)
        return refused("organisation/check.html", **_check_context(form=cio, links_form=form))
    return draw("check", **_check_context(form=cio, links_form=form, links=addresses(made)))


def addresses(made: tuple[service.Link, ...]) -> tuple[tuple[str, str], ...]:
    """Whom a link is for, and its whole address."""
    base = current_app.config["COACHKIT"].base_url
    return tuple((inquiry.GROUPS[link.group].capitalize(), f"{base}/answer/{link.token}") for link in made)


@room.post("/readiness/close")
@needs(Action.ANSWER_FOR_ORGANISATION)
@once
def close_check() -> ResponseReturnValue:
    service.close_check(db.session(), the_actor())
    flash("The check is closed, and its result stands from now on.", "ok")
    return redirect(url_for("organisation.readiness"), 303)


@room.post("/readiness/stop")
@needs(Action.ANSWER_FOR_ORGANISATION)
@once
def stop_check() -> ResponseReturnValue:
    service.stop_check(db.session(), the_actor())
    flash("The check has ended without a result. Its answers were destroyed.", "ok")
    return redirect(url_for("organisation.readiness"), 303)


@room.route("/readiness/steps", methods=["GET", "POST"])
@needs(Action.ANSWER_FOR_ORGANISATION)
@once
def steps() -> ResponseReturnValue:
    page = queries.readiness_page(db.session())
    if page is None:
        raise NotFoundError
    form = forms.steps_form(page.steps)
    if not form.sent_well():
        return (
            refused("organisation/steps.html", page=page, form=form)
            if form.errors
            else draw("steps", page=page, form=form)
        )
    named = {s.id: (form[f"owner-{s.id}"].data or "", form[f"by-{s.id}"].data) for s in page.steps}
    service.name_steps(db.session(), the_actor(), page.id, named)
    flash("Named. They stand beside the first steps.", "ok")
    return redirect(url_for("organisation.readiness"), 303)


@room.route("/answer/<token>", methods=["GET", "POST"])
@public
def answer(token: str) -> ResponseReturnValue:
    """For whoever holds the link. Nothing on this page, and nothing that it leaves behind, says who that is."""
    row = queries.round_of_link(db.session(), digest(token))
    if row is None:
        return draw("link_ended"), 404
    pulse = row.kind == inquiry.PULSE
    form = pulse_answer_form() if pulse else forms.others_form()
    if not form.sent_well():
        return _ask("answer_pulse" if pulse else "answer", form)
    asked = ITEMS if pulse else BY_ID
    remark = form["remark"].data or "" if pulse else ""
    service.answer_by_link(db.session(), token, {q: int(form[q].data) for q in asked}, remark)
    return redirect(url_for("organisation.answered"), 303)


def _ask(template: str, form: BaseForm) -> Response | str:
    context: dict[str, Any] = {"form": form, "questions": QUESTIONS, "spread_from": SPREAD_FROM}
    return refused(f"organisation/{template}.html", **context) if form.errors else draw(template, **context)


@room.get("/answered")
@public
def answered() -> ResponseReturnValue:
    return draw("answered")
