"""The dossier of a record, as a page and as a file, for each audience; and the auditor's list of records."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response
from flask.typing import ResponseReturnValue

from coachkit.features.decisions import answering, deciding, dossier, queries, records
from coachkit.features.decisions.dossier import Audience, Dossier
from coachkit.features.decisions.drawing import draw
from coachkit.features.decisions.models import DecisionRecord
from coachkit.features.decisions.record_page import sees_forecast
from coachkit.features.decisions.service import find_purpose
from coachkit.features.feedback.contest.queries import stands_since
from coachkit.platform.access_record import record_look
from coachkit.platform.db import db
from coachkit.platform.errors import NotFoundError
from coachkit.platform.policy import Action
from coachkit.web.access import checks, needs, require, the_actor
from coachkit.web.library import current_library

room = Blueprint("dossiers", __name__)


def _built(record: DecisionRecord, audience: Audience, *, forecast: bool = True) -> Dossier:
    if audience is not Audience.PERSON and not stands_since(db.session(), record.person_id, record.decided_at):
        raise NotFoundError
    organisation = current_app.config["COACHKIT"].organisation
    return dossier.build(db.session(), current_library(), record, audience, organisation, forecast=forecast)


def _file(found: Dossier) -> Response:
    response = make_response(found.to_bytes())
    response.headers["Content-Type"] = "application/json; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="dossier-{found.record_id}-{found.audience}.json"'
    return response


def _for_cio(purpose_id: int, person_id: int, record_id: int) -> Dossier:
    session = db.session()
    purpose = find_purpose(session, purpose_id)
    actor = require(Action.READ_PERSON, queries.person_case(session, purpose, person_id))
    deciding.find_record(session, record_id, purpose_id=purpose_id, person_id=person_id)
    record_look(actor, [person_id], "opened the dossier of a decision about you", role="cio", purpose=purpose.title)
    db.session.commit()  # what follows sees a withdrawal of a moment ago
    require(Action.READ_PERSON, queries.person_case(session, purpose, person_id))
    record = deciding.find_record(session, record_id, purpose_id=purpose_id, person_id=person_id)
    return _built(record, Audience.CIO, forecast=sees_forecast(session, record, actor.id))


CIO = "/decisions/<int:purpose_id>/people/<int:person_id>/decision/<int:record_id>"


@room.get(f"{CIO}/dossier")
@checks(Action.READ_PERSON)
def for_cio(purpose_id: int, person_id: int, record_id: int) -> ResponseReturnValue:
    found = _for_cio(purpose_id, person_id, record_id)
    back = f"/decisions/{purpose_id}/people/{person_id}/decision/{record_id}"
    return draw("dossier", page=found, back=back, file=f"{back}/dossier.json")


@room.get(f"{CIO}/dossier.json")
@checks(Action.READ_PERSON)
def for_cio_as_file(purpose_id: int, person_id: int, record_id: int) -> ResponseReturnValue:
    return _file(_for_cio(purpose_id, person_id, record_id))


def _for_person(record_id: int) -> Dossier:
    return _built(answering.my_record(db.session(), the_actor(), record_id), Audience.PERSON)


@room.get("/purposes/decisions/<int:record_id>/dossier")
@needs(Action.RELEASE)
def for_person(record_id: int) -> ResponseReturnValue:
    back = f"/purposes/decisions/{record_id}"
    return draw("dossier", page=_for_person(record_id), back=back, file=f"{back}/dossier.json")


@room.get("/purposes/decisions/<int:record_id>/dossier.json")
@needs(Action.RELEASE)
def for_person_as_file(record_id: int) -> ResponseReturnValue:
    return _file(_for_person(record_id))


@room.get("/audit/decisions")
@needs(Action.AUDIT_DECISIONS)
def audited() -> ResponseReturnValue:
    return draw("audited", rows=records.all_without_names(db.session()))


def _for_auditor(record_id: int) -> Dossier:
    return _built(records.find(db.session(), record_id), Audience.AUDITOR)


@room.get("/audit/decisions/<int:record_id>/dossier")
@needs(Action.AUDIT_DECISIONS)
def for_auditor(record_id: int) -> ResponseReturnValue:
    file = f"/audit/decisions/{record_id}/dossier.json"
    return draw("dossier", page=_for_auditor(record_id), back="/audit/decisions", file=file)


@room.get("/audit/decisions/<int:record_id>/dossier.json")
@needs(Action.AUDIT_DECISIONS)
def for_auditor_as_file(record_id: int) -> ResponseReturnValue:
    return _file(_for_auditor(record_id))
