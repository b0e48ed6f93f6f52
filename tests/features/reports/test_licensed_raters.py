"""A report and a person's page within a purpose say for each rating whether its coach held a licence for it."""

from sqlalchemy import select

from coachkit.features.decisions import case_file
from coachkit.features.practice.licences import Licence
from coachkit.features.practice.models import RatingSheet
from coachkit.features.practice.queries import observed
from coachkit.features.reports.compose import compose
from coachkit.features.reports.service import gather
from coachkit.platform import clock
from coachkit.platform.db import transaction
from coachkit.web.library import library_of
from tests.factories import loop
from tests.factories.cast import unlicensed
from tests.factories.training import without_sets_for


def report(session, app, cast, books_of=library_of):
    books = loop.library()
    facts = gather(session, books, books_of, app.config["COACHKIT"], cast.ana, for_learner=True)
    return compose(books, facts, number="CK-1", code="X", verify_url="https://x.example/v", issued_at=clock.now())


def test_the_report_says_when_each_coach_was_calibrated_and_that_all_ratings_are_licensed(app, cast):
    with app.app_context():
        loop.revealed(cast)
        with transaction() as session:
            found = report(session, app, cast)
            until = session.scalars(select(Licence.expires_on).where(Licence.coach_id == cast.ben)).first()
    assert "Each rating was given by a coach with a valid licence" in found.rubric_note
    assert [(c.coach, c.valid_until) for c in found.calibration] == [("Ben Tanaka", until)]
    assert found.calibration[0].calibrated_on is not None


def test_ratings_without_one_are_named_with_the_reason(app, cast):
    with app.app_context():
        loop.revealed(cast, days_ago=4)
        loop.revealed(cast, scenario_id="rp01")
        with transaction() as session:
            for sheet in session.scalars(select(RatingSheet).order_by(RatingSheet.id).limit(2)):
                sheet.licensed = None
            unlicensed(session, cast.ben)
            found = report(session, app, cast, without_sets_for("strategic"))
    assert "rated before licences were asked for" in found.rubric_note
    assert "no calibration set for this skill yet" in found.rubric_note
    assert found.calibration[0].calibrated_on is None, "she holds none any more"


def test_the_person_s_page_shows_it_beside_each_rating_and_old_records_do_without(app, cast):
    with app.app_context():
        loop.revealed(cast)
        with transaction() as session:
            rows = observed(session, library_of, [cast.ana])[cast.ana]
    with app.app_context():
        entry = case_file._observed_entry(rows[0], library_of)
    assert case_file._rating(entry, {}).licence == "rated with a valid licence"
    del entry["licence"]
    assert case_file._rating(entry, {}).licence == ""
