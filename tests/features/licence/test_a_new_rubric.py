"""An author raises a criterion's version: what it means for licences, and for attempts that began before."""

import pytest

from coachkit.features.practice.licences import covered
from coachkit.features.practice.models import Attempt
from coachkit.platform.db import transaction
from tests.factories import loop
from tests.factories.cast import licensed, unlicensed
from tests.factories.library import tiny_library_files
from tests.factories.shelf import published

pytestmark = pytest.mark.one_database
OLD = "name: Want and need\n    rated_on: [live]\n    version: 1"


def test_old_attempts_keep_the_old_licence_and_new_ones_take_a_new_one(browse, app, cast):
    published(app)
    with app.app_context():
        with transaction() as session:
            unlicensed(session, cast.ben)
            licensed(session, cast.ben)
        before = loop.submitted(cast, scenario_id="rp01")
    files = tiny_library_files()
    text = files["criteria/interviewing.yaml"].decode()
    assert text.count(OLD) == 1
    published(app, {**files, "criteria/interviewing.yaml": text.replace(OLD, OLD[:-1] + "2").encode()})
    with app.app_context():
        after = loop.submitted(cast, scenario_id="rp01")
        with transaction() as session:
            attempts = [session.get_one(Attempt, attempt_id) for attempt_id in (before, after)]
            assert covered(session, attempts, [cast.ben]) == {(before, cast.ben)}
    ben = browse("ben")
    assert ben.get(f"/feedback/{before}").status_code == 200
    assert ben.get(f"/feedback/{after}").status_code == 403
    page = ben.get("/licence").text
    assert "The rubric has changed; yours is for the earlier one" in page
    assert "1 official attempt waits for your licences" in page or "One official attempt waits" in page


def test_a_coach_may_still_train_in_the_rubric_that_a_waiting_attempt_began_with(browse, app, cast):
    version = published(app)
    with app.app_context():
        with transaction() as session:
            unlicensed(session, cast.ben)
        waits = loop.submitted(cast, scenario_id="rp01")
    files = tiny_library_files()
    text = files["criteria/interviewing.yaml"].decode()
    published(app, {**files, "criteria/interviewing.yaml": text.replace(OLD, OLD[:-1] + "2").encode()})
    ben = browse("ben")
    assert "(earlier rubric)" in ben.get("/licence").text
    assert ben.get(f"/licence/skills/interviewing?version={version}").status_code == 200
    assert browse("mia").get(f"/licence/skills/interviewing?version={version}").status_code == 404
    page = ben.post("/licence/skills/interviewing/start", version=version).location
    form = {"level-interviewing.needs": "2", "level-interviewing.confirm": "not-observed"}
    form |= {f"evidence-{c}": "Turn 2." for c in ("interviewing.needs", "interviewing.confirm")}
    assert ben.post(page, **form).status_code == 303
    assert ben.get(f"/feedback/{waits}").status_code == 200
