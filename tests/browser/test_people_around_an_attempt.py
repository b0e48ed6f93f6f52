"""Partner, re-try, field log, sponsor and the conversation, in a real browser: in light, and on a phone in the dark."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coachkit.app import create_app
from coachkit.features.feedback import returning
from coachkit.features.feedback.conversation import service as conversation
from coachkit.features.practice.adjustments import service as adjustments
from coachkit.platform import clock
from coachkit.platform.db import db, transaction
from tests.factories import loop
from tests.factories.mails import link_in, sent

pytestmark = pytest.mark.one_database


@pytest.fixture
def house(settings, cast):
    """The application beside the served one, for arranging and for mails."""
    app = create_app(settings)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(("look", "width"), [("light", 1280), ("dark", 375)], ids=["light", "dark-phone"])
def test_the_people_around_an_attempt(house, cast, somebody, look, width):  # noqa: PLR0915  one walk
    with house.app_context():
        begun, seen = loop.started(cast), loop.revealed(cast, days_ago=1)
        with transaction() as session:
            ana = loop.actor(session, cast.ana)
            adjustments.set_adjustments(session, ana, ["written", "no_camera"])
            talk = conversation.begin(session, ana, cast.ben).id
            conversation.quote(session, ana, talk, about="care", source="past", text="I called her back on Thursday.")
        back, noted = loop.submitted(cast, scenario_id="rp19"), loop.started(cast, evidence="")
        loop.watched(cast, noted, "She asked what should change.")
        loop.submitted_again(cast, noted)
        with transaction() as session:
            returning.give_back(session, loop.actor(session, cast.ben), back, "The file is of another talk.")
    ana = somebody("ana", look=look, width=width)
    ana.sign_in()
    ana.open("/practice/adjustments")
    ana.open(f"/practice/{begun}")
    ana.sees("In writing instead of live")
    ana.follow("Ask somebody to play the other side")
    ana.page.get_by_label("Name").fill("Rosa Lind")
    ana.page.get_by_label("E-mail address").fill("rosa@plant.example")
    ana.page.get_by_label("First day").fill((clock.today() + timedelta(days=2)).isoformat())
    ana.page.get_by_label("Time and place").first.fill("14:30, by telephone")
    ana.press("Send the link")
    ana.sees("Asked")
    rosa = somebody("rosa", look=look, width=width)
    link = link_in(next(mail for mail in sent(house) if mail["To"] == "rosa@plant.example"))
    rosa.open(link)
    rosa.follow("read what that means")
    rosa.press("I agree to be recorded")
    rosa.sees("You agreed on")
    ana.open(f"/practice/{begun}/agreement")
    ana.sees("Rosa Lind agrees")
    rosa.open(link)
    rosa.page.get_by_label("14:30, by telephone").check()
    rosa.press("Choose this time")
    rosa.page.get_by_label("I felt").fill("I felt hurried when you named a date.")
    rosa.press("Leave these words")
    rosa.sees("That is all.")
    ana.open(f"/practice/{seen}/retry")
    ana.page.get_by_label("What you said this time").fill("What should be different on Monday?")
    ana.page.get_by_label("Your evidence line").fill("I asked before I named a date.")
    ana.press("Keep it beside the first time")
    ana.sees("I asked before I named a date.")
    ana.open(f"/feedback/{seen}/reveal")
    ana.open("/practice/growth")
    ana.open("/field-log")
    ana.page.get_by_label("On which day?").fill(clock.today().isoformat())
    ana.page.get_by_label("Who was there?").fill("M.K.")
    ana.page.get_by_label("The situation").fill("The plant wanted a second scanner by Friday.")
    ana.page.get_by_label("What you tried").fill("I asked what the scanner should change.")
    ana.page.get_by_label("What happened").fill("They showed me the queue at gate four.")
    ana.press("Keep it")
    ana.sees("gate four")
    ana.open("/practice")
    ana.sees("It came back: add what is missing, and send it again")
    ana.open(f"/practice/{noted}")
    ana.open("/sponsor")
    ana.page.get_by_label("Your sponsor's name").fill("Olu Adeyemi")
    ana.page.get_by_label("E-mail address").fill("olu@plant.example")
    ana.press("Name this sponsor")
    ana.page.get_by_label("Hours that you need").fill("Two hours a week until March.")
    ana.press("Share this, and send a mail")
    ana.sees("Two hours a week")
    olu = somebody("olu", look=look, width=width)
    olu.open(link_in(next(mail for mail in sent(house) if mail["To"] == "olu@plant.example")))
    olu.sees("Two hours a week until March.")
    ana.open("/conversations")
    ana.open(f"/conversations/{talk}")
    ana.page.get_by_role("textbox", name="In your own words").fill("I would miss the people at the counter.")
    ana.press("Keep my words")
    ben = somebody("ben", look=look, width=width)
    ben.sign_in()
    ben.open(f"/feedback/{noted}")
    ben.sees("your notes stand above")
    ben.open(f"/conversations/{talk}")
    ben.page.locator("input[value=continue]").check()
    ben.press("Propose it")
    ben.open(f"/feedback/learners/{cast.ana}")
    ana.open(f"/conversations/{talk}")
    ana.press("I agree: this is how we leave it")
    ana.follow("Share the outcome")
    ana.open("/report")
    ana.page.get_by_label("Put my field log into it").check()
    ana.press("Issue my report as PDF")
    ana.sees("They showed me the queue at gate four.")
