"""The conversation about interest and care: asked for, held by two, joint, and shared by one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.features.decisions.outcome_sharing import service as sharing
from coachkit.features.feedback.conversation import queries, service
from coachkit.features.feedback.conversation.models import FitConversation, FitQuote
from coachkit.platform import clock, jobs
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.db import transaction
from tests.factories import decisions, loop
from tests.factories.mails import sent

WORDS = "I would miss the people at the counter more than the servers."
QUOTED = "She went back on Thursday to ask what had come of it."


def begun(cast) -> int:
    with transaction() as session:
        return service.begin(session, loop.actor(session, cast.ana), cast.ben).id


def held(cast, outcome: str = "continue") -> int:
    """A conversation that both have ended."""
    number = begun(cast)
    with transaction() as session:
        ana, ben = loop.actor(session, cast.ana), loop.actor(session, cast.ben)
        service.say(session, ana, number, WORDS, version=1)
        service.quote(session, ben, number, about="care", source="log", text=QUOTED)
        service.propose(
            session, ben, number, version=3, outcome=outcome, find_out="", find_out_until=None, next_role=""
        )
        service.agree(session, ana, number, version=4)
    return number


def version(session, number: int) -> str:
    session.expire_all()
    return str(session.get(FitConversation, number).version)


def test_the_two_write_see_each_other_s_words_and_agree_on_one_of_three(browse, app, cast, session):
    ana, ben = browse("ana"), browse("ben")
    where = ana.post("/conversations/begin", coach_id=str(cast.ben)).location
    assert ana.post(f"{where}/statement", version="1", statement=WORDS).status_code == 303
    assert WORDS in ben.get(where).text
    assert ben.post(f"{where}/quotes", about="care", source="past", quote=QUOTED).status_code == 303
    assert QUOTED in ana.get(where).text
    assert ben.post(f"{where}/outcome", version="3", outcome="continue").status_code == 303
    assert "Ben Tanaka proposes: Continue." in ana.get(where).text
    assert ana.post(f"{where}/outcome", version="4", agree="1").status_code == 303
    assert "<h1>Continue</h1>" in ben.get(where).text
    assert ana.post(f"{where}/statement", version="5", statement="Other words.").status_code == 409


def test_nobody_agrees_with_himself_and_other_words_ask_for_a_new_proposal(browse, app, cast, session):
    with app.app_context():
        number = begun(cast)
    ana, ben = browse("ana"), browse("ben")
    ana.post(f"/conversations/{number}/statement", version="1", statement=WORDS)
    sent_well = {"outcome": "step-aside-by-choice", "next_role": "Service desk lead"}
    assert ana.post(f"/conversations/{number}/outcome", version="2", **sent_well).status_code == 303
    assert ana.post(f"/conversations/{number}/outcome", version="3", agree="1").status_code == 409
    ana.post(f"/conversations/{number}/statement", version="3", statement="I have thought again.")
    assert ben.post(f"/conversations/{number}/outcome", version="4", agree="1").status_code == 409
    assert session.get(FitConversation, number).held_on is None


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"outcome": "unfit"}, "Not a valid choice"),
        ({}, "Please choose one."),
        ({"outcome": "find-out-more"}, "Say what has to be found out."),
        ({"outcome": "find-out-more", "find_out": "A day at the plant."}, "Choose a day to come."),
        ({"outcome": "step-aside-by-choice"}, "Say which role you have talked about."),
    ],
    ids=str,
)
@pytest.mark.one_database
def test_there_are_three_outcomes_and_each_says_what_follows(browse, app, cast, form, sentence):
    with app.app_context():
        number = begun(cast)
    ana = browse("ana")
    ana.post(f"/conversations/{number}/statement", version="1", statement=WORDS)
    answer = ana.post(f"/conversations/{number}/outcome", version="2", **form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert WORDS in answer.text


@pytest.mark.one_database
def test_without_the_learner_s_own_words_there_is_no_outcome(browse, app, cast):
    with app.app_context():
        number = begun(cast)
    answer = browse("ben").post(f"/conversations/{number}/outcome", version="1", outcome="continue")
    assert answer.status_code == 422
    assert "It weighs most." in answer.text


@pytest.mark.one_database
def test_two_who_write_at_once_get_a_page_with_their_text_and_no_silent_overwrite(browse, app, cast, session):
    with app.app_context():
        number = begun(cast)
    browse("ben").post(f"/conversations/{number}/notes", version="1", notes="Begin with the shadowing day.")
    answer = browse("ana").post(f"/conversations/{number}/notes", version="1", notes="My own note.")
    assert answer.status_code == 409
    assert "My own note." in answer.text
    assert session.get(FitConversation, number).notes == "Begin with the shadowing day."


@pytest.mark.one_database
def test_a_statement_has_at_most_150_words_and_what_was_typed_comes_back(browse, app, cast):
    with app.app_context():
        number = begun(cast)
    answer = browse("ana").post(f"/conversations/{number}/statement", version="1", statement="word " * 151)
    assert answer.status_code == 422
    assert "these are 151" in answer.text
    assert "word word word" in answer.text


@pytest.mark.one_database
def test_only_one_s_own_coach_can_be_asked_only_one_at_a_time_and_again_after_three_months(browse, app, cast):
    ana = browse("ana")
    assert ana.post("/conversations/begin", coach_id=str(cast.mia)).status_code == 422
    with app.app_context():
        with clock.shifted(-timedelta(days=100)):
            held(cast)
        with clock.shifted(-timedelta(days=40)), pytest.raises(Exception, match="last three months"):
            begun(cast)
    assert ana.post("/conversations/begin", coach_id=str(cast.ben)).status_code == 303
    assert ana.post("/conversations/begin", coach_id=str(cast.ben)).status_code == 409


def test_the_coach_is_told_by_a_mail_that_names_nobody_and_her_look_is_recorded(browse, app, cast, session):
    with app.app_context():
        number = begun(cast)
    [mail] = sent(app)
    assert mail["To"] == "ben@tessel.example"
    assert "Ana" not in mail.get_content()
    assert "interest" not in mail.get_content().lower()
    browse("ben").get(f"/conversations/{number}")
    assert session.scalars(select(AccessRecord)).one().what == "opened your interest-and-care conversation"


@pytest.mark.parametrize("who", ["dan", "eva", "mia", "lea", "cleo", "ada", "otto"])
def test_for_everybody_else_there_is_none(browse, app, cast, who):
    with app.app_context():
        number = held(cast)
        loop.coached(cast, "ana", "mia")  # another coach of hers, who was not asked
    somebody = browse(who)
    assert somebody.get(f"/conversations/{number}").status_code == 404
    for act, sent_form in (
        ("statement", {"version": "1", "statement": "x"}),
        ("outcome", {"agree": "1"}),
        ("delete", {}),
        ("share", {"purpose_id": "1"}),
    ):
        assert somebody.post(f"/conversations/{number}/{act}", **sent_form).status_code == 404, act


def test_a_coach_who_coaches_her_no_more_is_out_at_once(browse, app, cast):
    with app.app_context():
        number = begun(cast)
    ben = browse("ben")
    assert ben.get(f"/conversations/{number}").status_code == 200
    with app.app_context():
        loop.uncoached(cast, "ana", "ben")
    assert ben.get(f"/conversations/{number}").status_code == 404
    assert ben.post(f"/conversations/{number}/statement", version="1", statement="Late.").status_code == 404


def test_the_notes_of_the_talk_are_gone_after_thirty_days(app, cast, session):
    with app.app_context():
        number = begun(cast)
        with transaction() as own:
            service.keep_notes(own, loop.actor(own, cast.ana), number, "Only for the talk.", version=1)
        with clock.shifted(timedelta(days=29)):
            jobs.run_waiting()
        assert session.get(FitConversation, number).notes == "Only for the talk."
        with clock.shifted(timedelta(days=30, minutes=1)):
            row = session.get(FitConversation, number)
            assert queries.conversation_page(session, row, cast.ana).notes == ""
            jobs.run_waiting()
        session.expire_all()
        assert session.get(FitConversation, number).notes == ""


def test_the_learner_deletes_all_of_it_at_any_time(browse, app, cast, session):
    with app.app_context():
        number = held(cast)
    assert browse("ben").post(f"/conversations/{number}/delete").status_code == 404
    assert browse("ana").post(f"/conversations/{number}/delete").status_code == 303
    assert session.get(FitConversation, number) is None
    assert session.scalars(select(FitQuote)).all() == []


def test_a_purpose_sees_one_sentence_and_only_while_it_is_shared_there(browse, app, cast):
    with app.app_context():
        decisions.ready()
        decisions.basis(cast)
        purpose_id = decisions.purpose(cast)
        number = held(cast)
    ana = browse("ana")
    page = ana.get(f"/conversations/{number}/share").text
    assert "Joint result: continue. The person’s statement attached: no." in page

    def shown():
        with app.app_context(), transaction() as session:
            return queries.shared_outcome(session, cast.ana, purpose_id)

    assert shown() is None
    ana.post(f"/conversations/{number}/share", purpose_id=str(purpose_id), statement="1")
    outcome = shown()
    assert (outcome.outcome, outcome.outcome_words, outcome.statement_attached) == ("continue", "Continue", True)
    assert WORDS not in repr(outcome)
    assert QUOTED not in repr(outcome)
    ana.post(f"/conversations/{number}/share", purpose_id=str(purpose_id), back="1")
    assert shown() is None


@pytest.mark.one_database
def test_a_purpose_that_asks_somebody_else_gets_nothing(browse, app, cast):
    with app.app_context():
        decisions.ready()
        decisions.basis(cast)
        theirs = decisions.purpose(cast, "dan")
        number = held(cast)
        with transaction() as session, pytest.raises(Exception, match="nothing here"):
            sharing.share(session, loop.actor(session, cast.ana), number, theirs, statement_attached=False)
    assert browse("ana").post(f"/conversations/{number}/share", purpose_id=str(theirs)).status_code == 404


@pytest.mark.one_database
def test_before_it_has_an_outcome_there_is_nothing_to_share(browse, app, cast):
    with app.app_context():
        number = begun(cast)
    assert browse("ana").get(f"/conversations/{number}/share").status_code == 404


@pytest.mark.one_database
def test_the_chain_tells_that_there_was_a_conversation_and_never_whose(browse, app, cast, session):
    with app.app_context():
        held(cast)
        ana = loop.actor(session, cast.ana)
    page = browse("otto").get("/audit").text
    assert "conversation:end" in page
    assert ana.pseudonym not in page


@pytest.mark.one_database
def test_there_is_no_number_in_it(session):
    """No column could hold a level."""
    kinds = {c.name: str(c.type) for table in (FitConversation, FitQuote) for c in table.__table__.columns}
    numbers = {name for name, kind in kinds.items() if kind in {"INTEGER", "FLOAT", "NUMERIC"}}
    assert numbers == {"id", "learner_id", "coach_id", "proposed_by", "version", "conversation_id", "person_id"}
