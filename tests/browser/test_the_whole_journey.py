"""One learner, one coach and one CIO go through the whole main job: light, dark, on a phone, without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pikepdf
import pytest

from coachkit.app import create_app
from coachkit.features.accounts.models import Person
from coachkit.features.decisions.models import Purpose
from coachkit.features.operations import demo_decisions
from coachkit.platform import clock
from coachkit.platform.db import db, transaction
from coachkit.platform.policy import Actor, Role

CRITERIA = ("interviewing.needs", "interviewing.questions", "interviewing.confirm", "analysis.frame")
OWN = {"interviewing.needs": "3", "interviewing.questions": "1", "interviewing.confirm": "3", "analysis.frame": "2"}
SEEN = {"interviewing.needs": "2", "interviewing.questions": "3", "interviewing.confirm": "3", "analysis.frame": "2"}


@pytest.fixture
def ready(settings):
    """The organisation has answered for its conditions, and an administrator has recorded the basis."""
    app = create_app(settings)
    with app.app_context():
        with transaction() as session:
            ada = session.query(Person).filter_by(email="ada@tessel.example").one()
            admin = Actor(ada.id, ada.name, ada.email, ada.pseudonym, frozenset({Role.ADMIN}))
            demo_decisions.conditions(session, admin, clock.now())
        db.engine.dispose()


def read_a_module(ana) -> None:
    ana.sign_in()
    ana.open("/modules")
    ana.open("/modules/interviewing-for-needs/why-it-matters")
    ana.press("Done, read on")
    ana.open("/modules/interviewing-for-needs/quiz")
    first = ana.page.locator("form.quiz").first
    first.locator("input[type=radio]").first.check()
    first.get_by_role("button", name="Answer").click()
    ana.check()
    ana.sees("Your answer")
    assert ana.page.locator("section.quiz").first.locator(".fb").count() == 3


def play_and_rate(ana) -> None:
    ana.open("/practice")
    ana.follow("Wants and needs")
    ana.page.locator("input[name=kind][value=official]").check()
    ana.press("Start, and read the brief")
    ana.sees("Your brief")
    ana.page.get_by_label("Who played the other side?").fill("Jonas Weber")
    ana.page.get_by_label("On which day?").fill(clock.today().isoformat())
    ana.page.get_by_label("What was said").fill("Tomasz: We want an app by spring.\nMe: What should be different then?")
    ana.press("Go on: rate yourself")
    ana.press("Lock my rating and send")
    ana.sees("Not locked yet")
    for criterion, level in OWN.items():
        ana.page.locator(f"input[name='level-{criterion}'][value='{level}']").check()
        ana.page.locator(f"textarea[name='evidence-{criterion}']").fill(f"I said so, for {criterion}.")
        ana.page.locator(f"input[name='expected-{criterion}'][value='2']").check()
    ana.press("Lock my rating and send")
    ana.sees("Receipt")


def rate_blind(ben) -> None:
    ben.sign_in()
    ben.open("/feedback/queue")
    ben.follow("Wants and needs")
    ben.sees("What should be different then?")
    assert "I said so" not in ben.page.content()
    for criterion, level in SEEN.items():
        ben.page.locator(f"input[name='level-{criterion}'][value='{level}']").check()
        ben.page.locator(f"textarea[name='evidence-{criterion}']").fill(f"Heard it, for {criterion}.")
    note = {
        "situation": "Minute seven.",
        "behaviour": "You went on to the fields.",
        "effect": "The cases came up at the door.",
        "question": "What were you after?",
        "next_try": "Ask what happens to a case then.",
    }
    for name, text in note.items():
        ben.page.locator(f"textarea[name='change-{name}']").fill(text)
    ben.press("Lock and send")
    ben.sees("Seen twice, side by side")
    ben.sees("I said so, for interviewing.needs.")


def answer_plan_and_report(ana, do_jobs) -> None:
    ana.open("/")
    ana.follow("See both views")
    headings = ana.page.locator("main h2").all_inner_texts()
    assert headings.index("The same") < headings.index("The largest gap") < headings.index("The rest")
    ana.page.get_by_label("If", exact=True).fill("somebody names a tool")
    ana.page.get_by_label("then I will").fill("ask what it should change")
    ana.page.get_by_label("By", exact=True).fill((clock.today() + timedelta(days=7)).isoformat())
    ana.press("Keep this plan")
    ana.page.get_by_role("textbox", name="Your answer").fill("I had not noticed the door.")
    ana.press("Answer")
    ana.open("/report")
    ana.page.get_by_role("textbox", name="Your own words, printed in the report").fill("Our cut-over was in June.")
    ana.press("Issue my report as PDF")
    do_jobs()
    ana.page.reload()
    ana.check()
    with ana.page.expect_download() as download:
        ana.page.get_by_role("link", name="Download the PDF").click()
    with pikepdf.open(download.value.path()) as pdf:
        assert 2 <= len(pdf.pages) <= 6
        assert "report.json" in pdf.attachments


def state_a_purpose(cleo) -> None:
    cleo.sign_in()
    cleo.open("/readiness")
    cleo.open("/decisions/new")
    cleo.page.get_by_label("What is it for?").select_option("role-decision")
    cleo.page.get_by_role("textbox", name="Title").fill("Liaison posts after the merger")
    cleo.page.get_by_label("Why do you want to look?").fill("Two posts are described anew in spring.")
    cleo.page.get_by_label("The role").fill("Liaison, logistics")
    cleo.page.get_by_label("Last day").fill((clock.today() + timedelta(days=60)).isoformat())
    for select in cleo.page.locator("select[name^='line-']").all():
        select.select_option("3")
    for label in ("Ana Baptiste", "Dan Okoro"):
        cleo.page.get_by_label(label).check()
    cleo.press("State it and ask them")


def release(ana, purpose_id: int) -> None:
    ana.open("/")
    ana.open(f"/purposes/{purpose_id}")
    ana.page.get_by_role("textbox", name="Your own words").fill("I have been here for twenty weeks.")
    ana.press("Release what is shown below")


def decide(cleo, purpose_id: int, ana_id: int) -> None:
    cleo.open(f"/decisions/{purpose_id}")
    cleo.sees("Not released")
    cleo.sees("Cannot tell")
    cleo.open(f"/decisions/{purpose_id}/people/{ana_id}/report")
    assert "I said so" not in cleo.page.content()
    cleo.open(f"/decisions/{purpose_id}/people/{ana_id}")
    cleo.sees("I have been here for twenty weeks.")
    cleo.page.locator("input[name=outcome][value=develop]").check()
    cleo.page.get_by_role("textbox", name="Your reasons").fill("Too little has been seen.")
    cleo.page.locator("textarea[name=alternatives]").fill("Waiting a quarter.")
    cleo.page.get_by_label("What do you expect to be seen?").fill("leads one planning round alone")
    cleo.page.get_by_label("How likely is it, in percent?").fill("80")
    cleo.page.get_by_label("By which day?").fill((clock.today() + timedelta(days=120)).isoformat())
    cleo.page.get_by_label("The plan").fill("Three talks on the second “no”.")
    cleo.page.get_by_label("Hours of coaching until you look again").fill("12")
    cleo.page.get_by_label("Hours a week kept free for it").fill("2")
    cleo.page.locator("input[name=review_on]").fill((clock.today() + timedelta(days=90)).isoformat())
    cleo.press("Record the decision")
    cleo.sees("Too little has been seen.")


def see_every_look(ana) -> None:
    ana.open("/account/looks")
    ana.sees("Ben Tanaka")
    ana.sees("Cleo Marchetti")
    ana.sees("Liaison posts after the merger")


@pytest.mark.parametrize(
    ("look", "js", "width"),
    [("light", True, 1280), ("dark", True, 375), ("light", False, 1280)],
    ids=["light", "dark-phone", "no-javascript"],
)
@pytest.mark.one_database
def test_three_people_walk_the_whole_main_job(ready, somebody, settings, cast, do_jobs, look, js, width):
    ana, ben, cleo = (somebody(name, look=look, js=js, width=width) for name in ("ana", "ben", "cleo"))

    read_a_module(ana)
    play_and_rate(ana)
    rate_blind(ben)
    answer_plan_and_report(ana, do_jobs)
    state_a_purpose(cleo)
    app = create_app(settings)
    with app.app_context():
        purpose_id = db.session.query(Purpose).one().id
        db.engine.dispose()
    release(ana, purpose_id)
    decide(cleo, purpose_id, cast.ana)
    see_every_look(ana)
