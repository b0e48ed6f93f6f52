"""Printing the dossier of a decision, for each of its readers."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.decisions import answering, deciding, dossier, queries, records
from coachkit.features.decisions.dossier import Audience
from coachkit.features.decisions.models import DecisionRecord
from coachkit.features.decisions.record_page import sees_forecast
from coachkit.features.decisions.service import find_purpose
from coachkit.features.reports import dossiers
from coachkit.features.reports.routes.frame import room, settings_now
from coachkit.platform.db import db
from coachkit.platform.policy import Action
from coachkit.web.access import checks, needs, require, the_actor
from coachkit.web.library import current_library
from coachkit.web.submits import once


def _printed(record: DecisionRecord, audience: Audience, *, forecast: bool = True) -> ResponseReturnValue:
    session, settings = db.session(), settings_now()
    organisation = settings.organisation
    found = dossier.build(session, current_library(), record, audience, organisation, forecast=forecast)
    kept = dossiers.print_dossier(session, the_actor(), settings, record, found)
    return redirect(url_for("reports.kept", report_id=kept.id), 303)


@room.post("/decisions/<int:purpose_id>/people/<int:person_id>/decision/<int:record_id>/dossier/print")
@checks(Action.READ_PERSON)
@once
def print_dossier(purpose_id: int, person_id: int, record_id: int) -> ResponseReturnValue:
    session = db.session()
    purpose = find_purpose(session, purpose_id)
    actor = require(Action.READ_PERSON, queries.person_case(session, purpose, person_id))
    record = deciding.find_record(session, record_id, purpose_id=purpose_id, person_id=person_id)
    return _printed(record, Audience.CIO, forecast=sees_forecast(session, record, actor.id))


@room.post("/purposes/decisions/<int:record_id>/dossier/print")
@needs(Action.RELEASE)
@once
def print_my_dossier(record_id: int) -> ResponseReturnValue:
    return _printed(answering.my_record(db.session(), the_actor(), record_id), Audience.PERSON)


@room.post("/audit/decisions/<int:record_id>/dossier/print")
@needs(Action.AUDIT_DECISIONS)
@once
def print_audited_dossier(record_id: int) -> ResponseReturnValue:
    return _printed(records.find(db.session(), record_id), Audience.AUDITOR)
