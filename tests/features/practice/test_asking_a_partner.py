"""Somebody plays the other side: by a link that shows the partner's card and two sentences, and nothing else."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.features.practice import service as practice
from coachkit.features.practice.partner import queries, service
from coachkit.features.practice.partner.models import PartnerInvitation, PartnerTime
from coachkit.platform import clock, jobs
from coachkit.platform.db import db, transaction
from tests.factories import loop
from tests.factories.mails import link_in, sent

FELT = "I felt hurried when you named a date."
NOTICED = "I noticed that you waited when I said nothing."


def days(number: int) -> str:
    return (clock.today() + timedelta(days=number)).isoformat()


def ask(browser, attempt_id, **changed):
    form = {"name": "Rosa", "email": "rosa@plant.example", "on_1": days(2), "at_1": "14:30", "on_2": days(3)}
    return browser.post(f"/practice/{attempt_id}/partner", **form | changed)


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.started(cast)


@pytest.fixture
def link(app, browse, attempt_id):
    """The address behind Rosa's link."""
    assert ask(browse("ana"), attempt_id).status_code == 303
    return link_in(sent(app)[-1])


def invitation(session) -> PartnerInvitation:
    session.expire_all()
    return session.scalars(select(PartnerInvitation).order_by(PartnerInvitation.id.desc())).first()


def test_the_link_shows_the_partner_s_card_and_nothing_of_the_learner_s(browse, app, cast, link):
    page = browse(None).get(link)
    assert page.status_code == 200
    with app.app_context():
        case = loop.scenario()
    assert str(case.partner_brief.html) in page.text
    assert "Ana Baptiste asks you to play" in page.text
    assert str(case.learner_brief.html) not in page.text
    for secret in (loop.SAID, "My own line", "level-", "official", case.learning_points[0], case.model_good.title):
        assert secret not in page.text, secret


def test_the_partner_picks_one_of_the_times_and_the_learner_is_told(browse, app, cast, session, attempt_id, link):
    rosa = browse(None)
    second = session.scalars(select(PartnerTime).order_by(PartnerTime.id.desc())).first()
    assert rosa.post(f"{link}/answer", time=str(second.id)).status_code == 303
    assert "You have chosen" in rosa.get(link).text
    [_invitation, told] = sent(app)
    assert told["To"] == "ana@tessel.example"
    assert "Rosa" not in told.get_content()
    ana = browse("ana")
    assert "Rosa plays on" in ana.get(f"/practice/{attempt_id}").text


def test_a_no_needs_no_reason_ends_the_link_and_offers_a_dialogue(browse, app, session, attempt_id, link):
    assert browse(None).post(f"{link}/answer", no="1").location == "/partner"
    assert browse(None).get(link).status_code == 404
    page = browse("ana").get(f"/practice/{attempt_id}/partner").text
    assert "Cannot play" in page
    assert 'href="/practice/dialogues"' in page
    assert "Ask somebody else" in page


@pytest.mark.one_database
def test_a_time_of_somebody_else_s_is_none(browse, app, cast, session, link):
    with app.app_context():
        other = loop.started(cast, learner="dan")
        with transaction() as own:
            dan = loop.actor(own, cast.dan)
            times = [(clock.today() + timedelta(days=1), "10:00")]
            service.invite(own, dan, other, name="Bo", email="bo@plant.example", coach_id=None, times=times)
    theirs = session.scalars(select(PartnerTime).order_by(PartnerTime.id.desc())).first()
    answer = browse(None).post(f"{link}/answer", time=str(theirs.id))
    assert answer.status_code == 422
    assert not theirs.chosen


def test_two_sentences_end_the_link_and_forget_the_address(browse, session, link):
    rosa = browse(None)
    assert rosa.post(f"{link}/words", felt=FELT, noticed=NOTICED).location == "/partner"
    row = invitation(session)
    assert (row.felt, row.noticed, row.email, row.token_hash) == (FELT, NOTICED, "", None)
    for path, form in ((link, None), (f"{link}/answer", {"no": "1"}), (f"{link}/words", {"felt": "Again."})):
        again = rosa.get(path) if form is None else rosa.post(path, **form)
        assert again.status_code == 404
    assert invitation(session).felt == FELT


@pytest.mark.parametrize("felt", ["I felt it was a 4.", "I felt like giving 3 of 5.", ""])
@pytest.mark.one_database
def test_no_figures_and_not_nothing(browse, session, link, felt):
    answer = browse(None).post(f"{link}/words", felt=felt)
    assert answer.status_code == 422
    assert invitation(session).said_at is None
    if felt:
        assert f'value="{felt}"' in answer.text


def test_nobody_reads_the_sentences_before_both_ratings_are_locked_and_then_both_do(
    browse, app, cast, session, attempt_id, link
):
    browse(None).post(f"{link}/words", felt=FELT)
    ana, ben = browse("ana"), browse("ben")
    assert FELT not in ana.get(f"/practice/{attempt_id}").text + ana.get(f"/practice/{attempt_id}/partner").text
    assert FELT not in ana.get("/account/export").text
    with app.app_context(), transaction() as own:
        lines = {c: loop.Line(loop.Level(2), f"Own line {c}.", loop.Level(3)) for c in loop.scenario().criteria}
        practice.submit(own, loop.actor(own, cast.ana), loop.library(), attempt_id, lines, version=0, other="Ben")
    assert FELT not in ana.get(f"/practice/{attempt_id}").text
    assert FELT not in ben.get(f"/feedback/{attempt_id}").text
    with app.app_context():
        form = loop.coach_form(loop.scenario())
    assert ben.post(f"/feedback/{attempt_id}", **form).status_code == 303
    assert FELT in ana.get(f"/feedback/{attempt_id}/reveal").text
    assert FELT in ben.get(f"/feedback/{attempt_id}/reveal").text
    assert FELT in ana.get("/account/export").text


def test_practice_for_oneself_shows_them_when_one_s_own_rating_is_locked(browse, app, cast):
    with app.app_context():
        number = loop.started(cast, kind="practice")
    ana = browse("ana")
    ask(ana, number)
    browse(None).post(f"{link_in(sent(app)[-1])}/words", felt=FELT)
    assert FELT not in ana.get(f"/practice/{number}").text
    with app.app_context():
        form = loop.self_form(loop.scenario())
    ana.post(f"/practice/{number}/rate", **form)
    assert FELT in ana.get(f"/practice/{number}").text


def test_a_link_that_was_taken_back_is_dead_at_once(browse, attempt_id, link):
    rosa = browse(None)
    assert rosa.get(link).status_code == 200
    assert browse("ana").post(f"/practice/{attempt_id}/partner/end").status_code == 303
    assert rosa.get(link).status_code == 404
    assert rosa.post(f"{link}/words", felt=FELT).status_code == 404


def test_withdrawing_the_attempt_ends_the_link(browse, attempt_id, link):
    browse("ana").post(f"/practice/{attempt_id}/withdraw")
    assert browse(None).get(link).status_code == 404


def test_after_two_weeks_link_and_address_are_gone(browse, app, session, link):
    with clock.shifted(timedelta(days=13)):
        assert browse(None).get(link).status_code == 200
    with clock.shifted(timedelta(days=14, minutes=1)):
        assert browse(None).get(link).status_code == 404
        with app.app_context():
            jobs.run_waiting()
    assert (invitation(session).email, invitation(session).token_hash) == ("", None)


def test_a_mail_sent_again_brings_a_new_link_and_ends_the_old_one(browse, app, session, link):
    with app.app_context(), transaction() as own:
        jobs.enqueue(own, "practice.invite_partner", invitation_id=invitation(session).id)
    newer = link_in(sent(app)[-1])
    assert newer != link
    assert browse(None).get(link).status_code == 404
    assert browse(None).get(newer).status_code == 200


@pytest.mark.one_database
def test_who_tries_many_links_is_slowed_down(browse):
    stranger = browse(None)
    codes = [stranger.post(f"/partner/guess-{number}/words", felt="x").status_code for number in range(12)]
    assert codes[0] == 404
    assert codes[-1] == 429


@pytest.mark.one_database
def test_a_learner_cannot_flood_anybody_with_links(browse, app, cast, attempt_id):
    ana = browse("ana")
    codes = []
    for _ in range(7):
        codes.append(ask(ana, attempt_id).status_code)
        ana.post(f"/practice/{attempt_id}/partner/end")
    assert codes == [303] * 5 + [422] * 2
    for number in range(6):
        codes.append(ask(ana, attempt_id, email=f"x{number}@plant.example").status_code)
        ana.post(f"/practice/{attempt_id}/partner/end")
    assert codes[-1] == 409


def test_one_is_asked_at_a_time_and_a_repeated_submit_asks_once(browse, app, attempt_id):
    ana = browse("ana")
    for _ in range(2):
        assert ask(ana, attempt_id, key="k" * 22).status_code == 303
    assert ask(ana, attempt_id, email="bo@plant.example").status_code == 409
    assert len(sent(app)) == 1


def test_a_coach_may_play_it_too(browse, app, cast, attempt_id):
    ana = browse("ana")
    assert ask(ana, attempt_id, coach_id=str(cast.ben), email="", name="").status_code == 303
    mail = sent(app)[-1]
    assert mail["To"] == "ben@tessel.example"
    assert browse("ben").get(link_in(mail)).status_code == 200
    assert ask(ana, attempt_id, coach_id=str(cast.mia)).status_code in {409, 422}


@pytest.mark.one_database
def test_an_address_with_an_account_looks_like_any_other(browse, app, cast, session, attempt_id):
    ana = browse("ana")
    known = ask(ana, attempt_id, email="eva@tessel.example", name="Eva")
    assert (known.status_code, invitation(session).person_id) == (303, cast.eva)
    page = ana.get(f"/practice/{attempt_id}/partner").text
    assert "Lindholm" not in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"email": ""}, "Choose a coach, or give an e-mail address."),
        ({"email": "nobody"}, "does not look like an e-mail address"),
        ({"email": "ana@tessel.example"}, "Nobody plays both sides."),
        ({"on_1": "2020-01-01"}, "One of these days has passed."),
    ],
    ids=str,
)
@pytest.mark.one_database
def test_what_cannot_be_asked_comes_back_with_what_was_typed(browse, attempt_id, changed, sentence):
    answer = ask(browse("ana"), attempt_id, **changed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "14:30" in answer.text


@pytest.mark.one_database
def test_the_learner_s_own_hands_open_no_partner_s_card(browse, link):
    assert browse("ana").get(link).status_code == 404


@pytest.mark.parametrize("who", ["dan", "ben", "eva", "lea", "cleo", "ada", "otto"])
@pytest.mark.one_database
def test_who_plays_is_the_learner_s_own_business(browse, attempt_id, who):
    somebody = browse(who)
    assert somebody.get(f"/practice/{attempt_id}/partner").status_code == 404
    assert ask(somebody, attempt_id).status_code == 404
    assert somebody.post(f"/practice/{attempt_id}/partner/end").status_code == 404


@pytest.mark.one_database
def test_erasing_a_partner_takes_the_name_and_leaves_the_words(browse, app, cast, session):
    from coachkit.features.operations import erasure

    with app.app_context():
        number = loop.started(cast, kind="practice")
        with transaction() as own:
            ana = loop.actor(own, cast.ana)
            row = service.invite(own, ana, number, name="", email="", coach_id=cast.ben, times=[])
            came = service.Guest(row, own.get_one(loop.practice.Attempt, number))
            service.say(own, came, felt=FELT, noticed="")
        with transaction() as own:
            assert erasure.export(own, loop.actor(own, cast.ben))["asked_to_play"][0]["felt"] == FELT
            erasure.erase(own, loop.actor(own, cast.ada), cast.ben)
    row = invitation(session)
    assert (row.person_id, row.name, row.felt) == (None, "Somebody who has left", FELT)
    assert queries.said(db.session(), session.get(loop.practice.Attempt, number)) == ()
