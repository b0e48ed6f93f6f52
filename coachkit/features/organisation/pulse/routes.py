"""The pulse: its result, and opening and closing a round. The answers come through the room's links."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from coachkit.domain.organisation import inquiry
from coachkit.features.organisation import service as rounds
from coachkit.features.organisation.forms import links_form
from coachkit.features.organisation.pulse import forms, queries, service
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError
from coachkit.platform.policy import Action, allows
from coachkit.web.access import needs, recent_proof, the_actor
from coachkit.web.forms import refused
from coachkit.web.submits import once

room = Blueprint("pulse", __name__)


def _context(**changed: Any) -> dict[str, Any]:  # noqa: ANN401
    found: dict[str, Any] = {
        "page": queries.pulse_page(db.session()),
        "begin_form": forms.BeginForm(),
        "links_form": links_form(inquiry.PULSE),
        "may_invite": allows(the_actor(), Action.INVITE_ANSWERS),
        "links": (),
        "life_days": rounds.LINK_LIFE.days,
    }
    return found | changed


@room.get("/organisation/pulse")
@needs(Action.READ_READINESS)
def pulse() -> ResponseReturnValue:
    return render_template("organisation/pulse.html", **_context())


@room.post("/organisation/pulse/begin")
@needs(Action.READ_READINESS)
@once
def begin() -> ResponseReturnValue:
    form = forms.BeginForm()
    if not form.sent_well():
        return refused("organisation/pulse.html", **_context(begin_form=form))
    service.begin(db.session(), the_actor(), form.phase.data)
    flash("The round is open. An administrator makes the links.", "ok")
    return redirect(url_for("organisation.pulse.pulse"), 303)


@room.post("/organisation/pulse/links")
@needs(Action.INVITE_ANSWERS)
def make_links() -> ResponseReturnValue:
    """Links are shown once, in the answer itself; sending the form again makes others."""
    recent_proof()
    form = links_form(inquiry.PULSE)
    try:
        form.expect()
        made = rounds.make_links(
            db.session(), the_actor(), inquiry.PULSE, {inquiry.BUSINESS: form[inquiry.BUSINESS].data or 0}
        )
    except InvalidError as error:
        if not form.errors:
            form.form_errors.append(error.sentence)
        return refused("organisation/pulse.html", **_context(links_form=form))
    base = current_app.config["COACHKIT"].base_url
    return render_template(
        "organisation/pulse.html", **_context(links=tuple(f"{base}/answer/{link.token}" for link in made))
    )


@room.post("/organisation/pulse/close")
@needs(Action.READ_READINESS)
@once
def close() -> ResponseReturnValue:
    row = service.close(db.session(), the_actor())
    if row.tally:
        flash("The round is closed, and its means can be read.", "ok")
    else:
        flash("The round is closed. Fewer than five have answered, so the answers were destroyed.", "warn")
    return redirect(url_for("organisation.pulse.pulse"), 303)
