"""Readiness, purpose, release, board, person, decision, answer, appeal, ruling, looking back: and each refusal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from coachkit.app import create_app
from coachkit.features.accounts.models import CohortMember
from coachkit.features.decisions.models import DecisionRecord, Forecast, Purpose
from coachkit.platform import clock
from coachkit.platform.db import db, transaction
from tests.factories import decisions as make
from tests.factories import organisation as org
from tests.factories.programme import tried_again


@pytest.fixture
def inside(settings):
    """Do something on the instance behind the site's back."""
    app = create_app(settings)

    def run(act):
        with app.app_context():
            try:
                return act()
            finally:
                db.session.remove()

    yield run
    with app.app_context():
        db.engine.dispose()


def changed(table, key, **values) -> None:
    with transaction() as session:
        row = session.get_one(table, key)
        for name, value in values.items():
            setattr(row, name, value)


def in_days(days: int) -> str:
    return (clock.today() + timedelta(days=days)).isoformat()


def tick(somebody, level: int, **changed: int) -> None:
    """Answer the twelve questions alike; RC_4=0 changes one."""
    for name, value in org.levels(level, **changed).items():
        somebody.page.locator(f"input[name='{name}'][value='{value}']").check()


def ask_the_organisation(cleo, ada, stranger) -> None:
    """The CIO answers by name, two heads and two liaisons by links that work once; together they say: not yet."""
    cleo.open("/readiness")
    cleo.press("Begin the check")
    ada.sign_in()
    ada.open("/readiness/check")
    ada.page.get_by_label("Links for heads of unit").fill("2")
    ada.page.get_by_label("Links for liaisons").fill("2")
    ada.press("Make the links")
    links = [address[address.index("/answer/") :] for address in ada.page.locator(".linklist code").all_inner_texts()]
    for number, link in enumerate(links):
        if number == 0:
            stranger.open(link)
        else:
            stranger.page.goto(stranger.site + link)
        tick(stranger, 2, RC_4=0)
        stranger.page.get_by_role("button", name="Send my answers").click()
        stranger.sees("Your answers are counted")
    stranger.page.goto(stranger.site + links[0])
    stranger.sees("ended")
    tick(cleo, 2)
    for line in cleo.page.locator("textarea[name^='evidence-']").all():
        line.fill("The minutes of the last review.")
    cleo.press("Save my answers")
    cleo.press("Close the check and see the result")
    cleo.sees("Not yet")
    assert cleo.page.locator("ol.three li").count() == 3
    assert "rift" in cleo.page.locator("ol.three li").first.inner_text()


def state_a_purpose(cleo) -> None:
    cleo.open("/decisions/new")
    cleo.page.get_by_label("What is it for?").select_option("role-decision")
    cleo.page.get_by_role("textbox", name="Title").fill("Liaison posts after the merger")
    cleo.page.get_by_label("Why do you want to look?").fill("Two posts are described anew in spring.")
    cleo.page.get_by_label("The role").fill("Liaison, logistics")
    cleo.page.get_by_label("Last day").fill(in_days(60))
    for select in cleo.page.locator("select[name^='line-']").all():
        select.select_option("3")
    for label in ("Ana Baptiste", "Dan Okoro"):
        cleo.page.get_by_label(label).check()
    cleo.press("State it and ask them")
    cleo.sees("Not yet")
    assert "Ana Baptiste" not in cleo.page.locator("main").inner_text()


def refuse_to_replace(cleo) -> None:
    """Thin evidence, practice alone, nothing offered, nobody independent: each with its words, and the text stays."""
    cleo.page.locator("input[name=outcome][value=replace]").check()
    cleo.page.get_by_role("textbox", name="Your reasons").fill("The ratings stay below the line.")
    cleo.page.locator("textarea[name=alternatives]").fill("Waiting a quarter.")
    cleo.press("Record the decision")
    for words in (
        "The evidence is too thin for this. There are 1 of 6 rated official attempts",
        "Practice alone is refused.",
        "Say which development was offered before",
        "Where nobody independent can be named",
        "Somebody independent must be named who would read an appeal.",
    ):
        cleo.sees(words)
    assert cleo.page.get_by_role("textbox", name="Your reasons").input_value() == "The ratings stay below the line."


def develop(cleo) -> None:
    cleo.page.locator("input[name=outcome][value=develop]").check()
    cleo.page.get_by_label("The plan").fill("Three talks on the second “no”, with Eva.")
    cleo.page.get_by_label("Hours of coaching until you look again").fill("12")
    cleo.page.get_by_label("Hours a week kept free for it").fill("2")
    cleo.page.locator("input[name=review_on]").fill(in_days(90))
    cleo.page.get_by_label("What do you expect to be seen?").fill("meets level 3 on trust")
    cleo.page.get_by_label("How likely is it, in percent?").fill("80")
    cleo.page.get_by_label("By which day?").fill(in_days(120))
    cleo.press("Record the decision")
    cleo.sees("80 %: meets level 3 on trust")
    cleo.follow("Dossier of this record")
    cleo.sees("What this does not show")


def answer_and_appeal(ana) -> None:
    ana.open("/")
    ana.sees("A decision about you can be read.")
    ana.follow("Read it")
    ana.sees("80 %: meets level 3 on trust")
    ana.page.locator("#answer-words").fill("Two hours a week were promised before, and not kept.")
    ana.press("Answer")
    ana.page.locator("#appeal-words").fill("Nobody has seen me with the clerks.")
    ana.press("Appeal")
    ana.sees("Appealed")


def name_a_reader(cleo) -> None:
    cleo.open("/")
    cleo.sees("Waits for you")
    cleo.follow("Develop: Ana Baptiste")
    cleo.sees("Two hours a week were promised before")
    cleo.page.get_by_text("Name somebody: reader of an appeal").click()
    form = cleo.page.locator("form[action$='/duties/reader']")
    form.get_by_label("Reader of an appeal").select_option(label="Otto Brandt")
    form.get_by_label("I state that this person does not report to me").check()
    form.get_by_role("button", name="Name this person").click()
    cleo.check()
    cleo.sees("Otto Brandt")


def keep_it(otto) -> None:
    otto.sign_in()
    otto.sees("You are named as appeal reader.")
    otto.follow("Open it")
    otto.sees("Nobody has seen me with the clerks.")
    otto.page.get_by_label("Your words").fill("The plan answers the appeal, with the hours written down.")
    otto.press("Keep it")
    otto.sees("Stands")


def look_back(cleo, record_id: int) -> None:
    cleo.open("/decisions/records")
    cleo.sees("Forecast due")
    cleo.open(f"/decisions/records/{record_id}")
    cleo.page.get_by_label("Did it come true?").select_option("yes")
    cleo.page.get_by_label("What happened").fill("Both ratings of April reached it.")
    cleo.page.get_by_label("Would you decide in the same way again").select_option("yes")
    cleo.page.get_by_label("Why?").fill("Two coaches had seen it, and the person was heard.")
    cleo.press("Keep what came of it")
    cleo.open("/decisions/records")
    cleo.sees("Brier score 0.04 over 1 forecast")


def a_filled_programme(cast) -> None:
    org.charter(cast, org.post(cast))
    org.post(cast, "Liaison for schools", units=9, related="no")
    org.sheet(cast, 1)
    for answers in ((2, 3, 2, 3, 2, 2), (4, 4, 5, 4, 4, 3)):
        org.pulse(cast, answers)
    tried_again(cast, 5)


def look_at_the_organisation(cleo) -> None:
    """A CIO opens the organisation's pages on a phone: nothing overflows, and axe finds nothing."""
    cleo.sign_in()
    for path, words in (
        ("/organisation", "1 of 2 posts"),
        ("/organisation/load", "9 units for one person"),
        ("/organisation/options/1", "How much it hangs on each figure"),
        ("/organisation/pulse", "It has gone up"),
        ("/programme", "criteria were rated higher than at the first try"),
    ):
        cleo.open(path)
        cleo.sees(words)


@pytest.mark.one_database
def test_a_cio_and_a_learner_walk_a_decision_to_its_end_and_meet_every_refusal(somebody, cast, inside, app, browse):
    cleo, ana, otto = (somebody(name) for name in ("cleo", "ana", "otto"))
    inside(lambda: make.basis(cast))
    inside(lambda: make.rated(cast, "rp04", 2))
    cleo.sign_in()
    ask_the_organisation(cleo, somebody("ada"), somebody("nobody"))
    state_a_purpose(cleo)
    inside(lambda: org.checked(app, browse("cleo"), browse("ada"), [org.levels()] * 4))
    cleo.page.reload()
    cleo.sees("Nobody has released anything so far")
    board = "/decisions/1"
    person = f"{board}/people/{cast.ana}"

    ana.sign_in()
    ana.open("/purposes/1")
    ana.sees("Exactly what would be visible")
    ana.page.get_by_role("textbox", name="Your own words").fill("My segment lost its only clerk in June.")
    ana.press("Release what is shown below")

    cleo.open(board)
    cleo.sees("Not released.")
    cleo.page.get_by_role("link", name="More evidence").first.click()
    cleo.check()
    cleo.page.get_by_role("button", name="Ask for more evidence").first.click()
    cleo.check()
    cleo.sees("Asked by Cleo Marchetti")
    refuse_to_replace(cleo)
    develop(cleo)

    answer_and_appeal(ana)
    name_a_reader(cleo)
    keep_it(otto)
    record_id = inside(lambda: db.session.query(DecisionRecord).one().id)
    inside(lambda: changed(Forecast, record_id, due_on=clock.today()))
    look_back(cleo, record_id)

    inside(lambda: changed(CohortMember, (1, cast.ana), since=clock.today() - timedelta(weeks=5)))
    cleo.open(person)
    cleo.sees("Nothing is decided before the twelfth week")
    ana.open("/purposes/1")
    ana.press("Take it back")
    cleo.open(board)
    assert cleo.page.get_by_text("Not released.").count() == 2
    assert cleo.page.goto(cleo.site + person).status == 404
    inside(lambda: changed(Purpose, 1, ends_at=clock.now() - timedelta(days=1)))
    assert cleo.page.goto(cleo.site + board).status == 404
    cleo.open("/decisions")
    cleo.sees("Its last day has passed")
    ana.open("/account/looks")
    ana.sees("as appeal reader, opened a decision about you")
    inside(lambda: a_filled_programme(cast))
    look_at_the_organisation(somebody("cleo", width=375))
