"""Nothing of practice, and nothing of what is around an attempt, reaches anybody whom it is not for: on no page, in
no file, mail, search or export."""

from datetime import timedelta

import pytest

from coachkit.features.feedback import service as feedback
from coachkit.features.feedback.conversation import service as conversation
from coachkit.features.feedback.field_log import service as field_log
from coachkit.features.practice import service as practice
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.partner import service as partner
from coachkit.features.practice.retry import service as retry
from coachkit.platform import clock
from coachkit.platform.db import transaction
from tests.factories import decisions, loop
from tests.factories.mails import sent
from tests.factories.pdf_text import pdf_text
from tests.factories.routes import paths

OWN = {
    "kept account": "Canaryone said in a talk kept for herself.",
    "invited account": "Canarytwo said in practice with her coach.",
    "invited rating": "Canarythree",
    "focus": "Canaryfour, if he names a tool",
    "partner": "Canaryfive felt hurried.",
    "retry": "Canarysix, once more.",
    "plan": "Canaryseven, at the gate",
    "log": "Canaryeight, at the gate.",
    "statement": "Canarynine would miss the counter.",
    "quote": "Canaryten called her back.",
    "partner's name": "Canaryeleven Rosa",
}
LIVED = tuple(words.split(",")[0].split(" ")[0] for words in OWN.values())


pytestmark = pytest.mark.one_database


@pytest.fixture
def lived(app, cast):
    """Ana has practised alone and with Ben, tried again, written her log, and talked about interest and care."""
    with app.app_context():
        alone = loop.submitted(cast, kind="practice", evidence=OWN["kept account"], cue=OWN["focus"], act="ask")
        together = loop.revealed(
            cast,
            kind="practice",
            coach="ben",
            evidence=OWN["invited account"],
            own=OWN["invited rating"],
            seen=OWN["invited rating"],
        )
        loop.revealed(cast, days_ago=3)
        open_one = loop.started(cast, kind="practice", coach="ben")
        decisions.ready()
        decisions.basis(cast)
        decisions.released(cast, decisions.purpose(cast))
        with transaction() as session:
            ana = loop.actor(session, cast.ana)
            criterion = loop.scenario().criteria[0]
            retry.try_again(
                session, ana, loop.library(), alone, criterion_id=criterion, said=OWN["retry"], evidence=OWN["retry"]
            )
            asked = partner.invite(
                session, ana, open_one, name=OWN["partner's name"], email="rosa@plant.example", coach_id=None, times=[]
            )
            guest = partner.Guest(asked, session.get_one(Attempt, open_one))
            partner.say(session, guest, felt=OWN["partner"], noticed="")
            due = clock.today() + timedelta(days=4)
            plan = feedback.make_plan(session, ana, together, cue=OWN["plan"], act="ask", due_on=due, witness="")
            field_log.write(
                session,
                ana,
                on=clock.today(),
                situation=OWN["log"],
                act="a",
                effect="b",
                witness="",
                plan_id=plan.id,
            )
            talk = conversation.begin(session, ana, cast.ben)
            conversation.say(session, ana, talk.id, OWN["statement"], version=1)
            conversation.quote(session, ana, talk.id, about="care", source="past", text=OWN["quote"])
        loop.coached(cast, "ana", "mia")  # another coach, whom she has invited to nothing
    return cast


def seen(browser, app, more: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Which canaries this person reads, by address."""
    found = {}
    for path in (*paths(app), *more):
        if path.startswith(("/static", "/modules/")):
            continue
        answer = browser.get(path)
        text = pdf_text(answer.data) if answer.mimetype == "application/pdf" else answer.text
        if words := [word for word in LIVED if word in text]:
            found[path] = words
    return found


MORE = (
    *(f"/practice/{number}{part}" for number in range(1, 7) for part in ("", "/rate", "/partner", "/retry")),
    *(f"/feedback/{number}{part}" for number in range(1, 7) for part in ("", "/reveal")),
    "/search?q=canary",
    *(f"/search?q={word.lower()}" for word in LIVED[:3]),
    "/account/export",
    "/sponsored",
)


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["dan", "eva", "mia", "lea", "cleo", "ada", "otto", None])
def test_to_everybody_else_there_is_no_trace(browse, app, lived, who):
    learner = (f"/feedback/learners/{lived.ana}", f"/decisions/1/people/{lived.ana}")
    assert seen(browse(who), app, (*MORE, *learner)) == {}


def test_the_invited_coach_reads_what_he_was_invited_to_and_nothing_else(browse, app, lived):
    found = {word for words in seen(browse("ben"), app, MORE).values() for word in words}
    assert found == {"Canarythree", "Canaryseven", "Canaryeight", "Canarynine", "Canaryten"}


def test_the_learner_reads_all_but_what_is_still_sealed(browse, app, lived):
    found = {word for words in seen(browse("ana"), app, MORE).values() for word in words}
    assert found == set(LIVED) - {"Canaryfive"}


def test_no_mail_tells_of_it(app, lived):
    mails = sent(app)
    assert mails
    for mail in mails:
        text = f"{mail['Subject']} {mail['To']} {mail.get_content()}"
        told = [word for word in LIVED if word in text]
        # The partner is addressed by the name that the learner calls him by.
        assert told == (["Canaryeleven"] if mail["To"] == "rosa@plant.example" else [])


def test_withdrawing_practice_leaves_no_trace_for_the_coach(browse, app, lived):
    with app.app_context(), transaction() as session:
        practice.withdraw(session, loop.actor(session, lived.ana), 4)
    assert "Canaryfive" not in str(seen(browse("ben"), app, MORE))
