"""After a decision: who signs, what the person answers, who reads an appeal, and what came of the forecast."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from coachkit.domain.decision.course import State
from coachkit.domain.decision.safeguards import INDEPENDENT, Duty
from coachkit.features.accounts import privacy as account_privacy
from coachkit.features.accounts import service as accounts
from coachkit.features.decisions import answering, duties, looking_back, privacy, records
from coachkit.features.decisions.duties import Named
from coachkit.features.decisions.models import DecisionDuty, DecisionRecord, DecisionWord
from coachkit.features.decisions.record_page import record_page
from coachkit.platform import clock
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.db import transaction
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Role
from coachkit.platform.templates import long_date
from tests.factories import decisions as make
from tests.factories.decisions import DEVELOP, OUTSIDER, REPLACE, actor
from tests.factories.mails import link_in, sent

pytestmark = pytest.mark.usefixtures("session")
SIGNER, READER = Duty.SECOND_SIGNER, Duty.APPEAL_READER


@pytest.fixture
def replaced(cast):
    """Cleo would replace Ana: everything that it needs is there. Otto signs, Colin from outside reads an appeal."""
    make.enough_seen(cast)
    purpose_id = make.opened(cast)
    return make.decided(cast, purpose_id, REPLACE, named=make.independent(cast))


def state(session, record_id):
    session.rollback()
    record = session.get(DecisionRecord, record_id)
    return records.state_of(record, records.happened(session, record))


def answer(cast, record_id, words="I was heard once, in June.", *, unwanted=False):
    with transaction() as own:
        answering.answer(own, actor(own, cast.ana), record_id, words=words, unwanted=unwanted)


def appeal(cast, record_id, words="The audit was late since two of us were ill."):
    with transaction() as own:
        answering.appeal(own, actor(own, cast.ana), record_id, words=words)


def sign(cast, record_id, verdict="signed", *, stated=True):
    duty_id = make.duty_id(cast, record_id, SIGNER)
    with transaction() as own:
        answering.sign(
            own, actor(own, cast.otto), duty_id, verdict=verdict, words="The conditions hold.", stated=stated
        )


def visit_of(app, browse):
    """Colin opens the link in the mail: his browser, and where it led."""
    link = [link_in(mail) for mail in sent(app) if mail["To"] == OUTSIDER.email][-1]
    guest = browse(None)
    assert guest.get(link).status_code == 200
    return guest, guest.post(link), link


# What may not be recorded


def refusal(cast, proposal=REPLACE, **named):
    purpose_id = make.opened(cast)
    with pytest.raises(InvalidError) as caught:
        make.decided(cast, purpose_id, proposal, named={**make.independent(cast), **named.get("named", {})})
    return caught.value.fields


def test_thin_evidence_replaces_nobody_and_says_what_is_thin(cast):
    found = refusal(cast)
    assert list(found) == ["outcome"]
    assert "The evidence is too thin for this. There are 0 of 6 rated official attempts" in found["outcome"]


def test_where_nobody_independent_is_named_replacing_cannot_be_recorded(cast):
    make.enough_seen(cast)
    found = refusal(cast, named={SIGNER: Named(), READER: Named()})
    assert set(found) == {"signer", "reader"}
    assert "Where nobody independent can be named" in found["signer"]


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("ben", "coached or rated"),
        ("mia", "coached or rated"),
        ("dan", "asked by the same purpose"),
        ("cleo", "Whoever decides"),
        ("ana", "on the own record"),
    ],
)
def test_whoever_rated_decides_or_is_concerned_cannot_sign(cast, who, sentence):
    make.enough_seen(cast)
    found = refusal(cast, named={SIGNER: Named(cast.ids[who], reports_to_nobody_here=True)})
    assert sentence in found["signer"]


def test_a_former_coach_is_not_independent_either(cast, session):
    make.enough_seen(cast)
    with transaction() as own:
        accounts.end_coaching(own, actor(own, cast.ada), coach_id=cast.ben, learner_id=cast.ana)
    assert "coached or rated" in refusal(cast, named={SIGNER: Named(cast.ben, reports_to_nobody_here=True)})["signer"]


def test_a_coach_cannot_come_in_through_the_door_for_outsiders(cast):
    make.enough_seen(cast)
    ben = Named(name="B. Tanaka", email="BEN@tessel.example", reports_to_nobody_here=True)
    assert "has an account here" in refusal(cast, named={SIGNER: ben})["signer"]


def test_one_person_cannot_sign_and_read_the_appeal(cast):
    make.enough_seen(cast)
    otto = Named(cast.otto, reports_to_nobody_here=True)
    assert "two different people" in refusal(cast, named={READER: otto})["reader"]


def test_whoever_reports_to_the_cio_does_not_sign(cast):
    make.enough_seen(cast)
    assert "does not report to you" in refusal(cast, named={SIGNER: Named(cast.otto)})["signer"]


# Signature and answer


def test_replacing_stands_only_after_a_signature_and_an_answer(cast, session, replaced):
    assert state(session, replaced) is State.WAITS_FOR_SIGNATURE
    sign(cast, replaced)
    assert state(session, replaced) is State.WAITS_FOR_ANSWER
    answer(cast, replaced)
    assert state(session, replaced) is State.STANDS


def test_it_stands_without_an_answer_once_the_two_weeks_are_over(cast, session, replaced):
    sign(cast, replaced)
    with clock.shifted(timedelta(days=14)):
        assert state(session, replaced) is State.WAITS_FOR_ANSWER
    with clock.shifted(timedelta(days=15)):
        assert state(session, replaced) is State.STANDS


def test_a_refused_signature_ends_it(cast, session, replaced):
    sign(cast, replaced, "refused")
    answer(cast, replaced)
    assert state(session, replaced) is State.NOT_SIGNED
    with pytest.raises(ConflictError, match="signed or refused already"):
        sign(cast, replaced)


def test_the_same_signature_sent_twice_is_one(cast, session, replaced):
    sign(cast, replaced)
    sign(cast, replaced)
    session.rollback()
    assert len(list(session.scalars(select(DecisionWord)))) == 1


def test_a_move_that_was_no_choice_has_no_effect(cast, session):
    record_id = make.decided(cast, make.opened(cast), replace(DEVELOP, outcome="move"))
    assert state(session, record_id) is State.STANDS
    answer(cast, record_id, unwanted=True)
    assert state(session, record_id) is State.NOT_BY_CHOICE


def test_one_answers_once_and_nobody_else_does(cast, replaced):
    answer(cast, replaced)
    with pytest.raises(ConflictError, match="answered already"):
        answer(cast, replaced, "More.")
    with transaction() as own, pytest.raises(NotFoundError):
        answering.answer(own, actor(own, cast.dan), replaced, words="Not mine.", unwanted=False)


def test_nothing_that_was_added_is_ever_changed(cast, session, replaced):
    page = record_page(session, make.library(), session.get(DecisionRecord, replaced))
    session.rollback()
    for happens in (sign, answer, appeal):
        happens(cast, replaced)
    later = record_page(session, make.library(), session.get(DecisionRecord, replaced))
    assert later.unchanged
    assert (later.fingerprint, later.record_fingerprint) == (page.fingerprint, page.record_fingerprint)


@pytest.mark.parametrize("field", ["reasons", "work_reason", "plan"])
def test_one_changed_word_of_the_reasons_is_noticed(cast, session, replaced, field):
    record = session.get(DecisionRecord, replaced)
    setattr(record, field, "Something else.")
    assert not record_page(session, make.library(), record).unchanged


def test_a_changed_forecast_is_noticed(cast, session, replaced):
    view = records.forecast_view(session, replaced)
    assert (view.chance, view.due) == (80, False)
    session.execute(select(DecisionRecord))
    from coachkit.features.decisions.models import Forecast

    session.get(Forecast, replaced).chance = 20
    assert not record_page(session, make.library(), session.get(DecisionRecord, replaced)).unchanged


# Duties


def test_a_duty_opens_one_record_for_its_holder_while_it_lasts(cast, session, browse, replaced):
    address = f"/duties/{make.duty_id(cast, replaced, SIGNER)}"
    otto = browse("otto")
    page = otto.get(address)
    assert page.status_code == 200
    assert "The audit of July was handed in three weeks late." in page.text
    assert "She asked what should change on Monday" in page.text
    assert address in otto.get("/duties").text
    for who in ("ben", "dan", "ada", "cleo", "ana"):
        assert browse(who).get(address).status_code == 404
    look = session.scalars(select(AccessRecord).where(AccessRecord.viewer_id == cast.otto)).one()
    assert (look.person_id, look.what) == (cast.ana, "as second signer, opened a decision about you")
    session.rollback()
    with transaction() as own:
        own.scalars(select(DecisionDuty).where(DecisionDuty.person_id == cast.otto)).one().ends_at = clock.now()
    assert otto.get(address).status_code == 404
    assert otto.post(f"{address}/sign", verdict="signed", words="Late.").status_code == 404


def test_whoever_becomes_a_coach_loses_the_duty(cast, browse, replaced):
    address = f"/duties/{make.duty_id(cast, replaced, SIGNER)}"
    assert browse("otto").get(address).status_code == 200
    with transaction() as own:
        accounts.change_roles(own, actor(own, cast.ada), cast.otto, [Role.AUDITOR, Role.COACH])
        accounts.assign_coach(own, actor(own, cast.ada), coach_id=cast.otto, learner_id=cast.ana)
    assert browse("otto").get(address).status_code == 404


def test_after_a_withdrawal_the_signer_no_longer_sees_what_was_seen(cast, browse, replaced):
    make.withdrawn(cast, 1)
    page = browse("otto").get(f"/duties/{make.duty_id(cast, replaced, SIGNER)}").text
    assert "The audit of July" in page
    assert "She asked what should change on Monday" not in page
    assert "not released, so it is not shown" in page


def test_signing_needs_words_and_keeps_nothing_without(cast, browse, session, replaced):
    address = f"/duties/{make.duty_id(cast, replaced, SIGNER)}/sign"
    page = browse("otto").post(address, verdict="signed", words=" ")
    assert page.status_code == 422
    assert "A few sentences, please" in page.text
    unstated = browse("otto").post(address, verdict="signed", words="All of it holds.")
    assert unstated.status_code == 422
    assert "Without this statement nobody can sign" in unstated.text
    sent = {"verdict": "signed", "words": "All of it holds.", "stated": "y"}
    assert browse("otto").post(address, **sent).status_code == 303
    assert state(session, replaced) is State.WAITS_FOR_ANSWER


def test_who_states_what_about_being_independent_stands_on_the_record(cast, browse, replaced):
    today = long_date(clock.today())
    sign(cast, replaced)
    ana = browse("ana")
    for path in (f"/purposes/decisions/{replaced}", f"/purposes/decisions/{replaced}/dossier"):
        page = unescape(ana.get(path).text)
        assert f"Does not report to whoever decided, as Cleo Marchetti stated on {today}" in page
        assert INDEPENDENT in page
    assert INDEPENDENT not in browse("otto").get(f"/audit/decisions/{replaced}/dossier").text
    assert "Second signer states to be independent" in browse("otto").get(f"/audit/decisions/{replaced}/dossier").text


def test_refusing_to_sign_needs_no_statement(cast, session, replaced):
    sign(cast, replaced, "refused", stated=False)
    assert state(session, replaced) is State.NOT_SIGNED


def test_human_resources_add_notes_and_nothing_else(cast, session, browse, replaced):
    with transaction() as own:
        record = own.get(DecisionRecord, replaced)
        duties.name_later(own, actor(own, cast.cleo), record, Duty.HR, Named(cast.ada))
    duty_id = make.duty_id(cast, replaced, Duty.HR)
    assert browse("ada").post(f"/duties/{duty_id}/sign", verdict="signed", words="Mine?").status_code == 404
    assert browse("ada").post(f"/duties/{duty_id}/note", words="The works council was heard.").status_code == 303
    assert "The works council was heard." in browse("ana").get(f"/purposes/decisions/{replaced}").text


# From outside


def test_somebody_from_outside_opens_one_record_by_a_link_that_works_once(app, cast, session, browse, replaced):
    appeal(cast, replaced)
    guest, opened, link = visit_of(app, browse)
    assert opened.location == "/invited/record"
    page = guest.get("/invited/record").text
    assert "You are named as appeal reader." in page
    assert "two of us were ill" in page
    assert browse(None).get(link).status_code == 404
    assert browse(None).post(link).status_code == 404
    for path in ("/", f"/duties/{make.duty_id(cast, replaced, READER)}", "/decisions", "/audit"):
        assert guest.get(path).status_code == 303
    look = session.scalars(select(AccessRecord).where(AccessRecord.viewer_role == "outside")).one()
    assert look.what == "Colin Achebe, as appeal reader, opened a decision about you"
    assert "Somebody invited to one record" in browse("ana").get("/account/looks").text


def test_an_outsider_rules_and_the_link_ends_with_its_days(app, cast, session, browse, replaced):
    sign(cast, replaced)
    appeal(cast, replaced)
    guest, _opened, _link = visit_of(app, browse)
    guest._token = re.search(r'name="csrf_token" value="([^"]+)"', guest.get("/invited/record").text)[1]
    ruled = guest.post("/invited/record/rule", verdict="withdrawn", words="Development was never given its hours.")
    assert ruled.status_code == 303
    assert state(session, replaced) is State.WITHDRAWN
    with clock.shifted(timedelta(hours=9)):
        assert guest.get("/invited/record").status_code == 404


def test_a_reader_has_nothing_to_read_before_an_appeal(app, cast, session, browse, replaced):
    guest, _opened, _link = visit_of(app, browse)
    page = guest.get("/invited/record").text
    assert "Nobody has appealed" in page
    assert "Ana" not in page
    assert list(session.scalars(select(AccessRecord))) == []


def test_a_link_after_fourteen_days_leads_nowhere(app, cast, browse, replaced):
    link = next(link_in(mail) for mail in sent(app) if mail["To"] == OUTSIDER.email)
    with clock.shifted(timedelta(days=15)):
        page = browse(None).get(link)
    assert page.status_code == 404
    assert "This link has ended" in page.text


def test_no_mail_says_what_it_is_about(app, cast, replaced):
    ours = {"Something to read in coachkit", "You are named on a record in coachkit"}
    mails = [(m["To"], m["Subject"] + m.get_content()) for m in sent(app) if m["Subject"] in ours]
    assert {to for to, _text in mails} == {"ana@tessel.example", "otto@tessel.example", OUTSIDER.email}
    for _to, words in mails:
        assert not re.search(r"replace|audit of July|80 %|Cleo", words, re.IGNORECASE)
    assert not any("Ana" in words for to, words in mails if not to.startswith("ana@"))


# Appeal


def test_after_an_appeal_it_is_kept_changed_or_withdrawn_with_reasons(cast, session, browse):
    wanted = {"kept": State.STANDS, "changed": State.CHANGED, "withdrawn": State.WITHDRAWN}
    purpose_id = make.opened(cast)
    for verdict, expected in wanted.items():
        record_id = make.decided(
            cast, purpose_id, DEVELOP, named={READER: Named(cast.otto, reports_to_nobody_here=True)}
        )
        duty_id = make.duty_id(cast, record_id, READER)
        with transaction() as own, pytest.raises(ConflictError, match="Nobody has appealed"):
            answering.rule(own, actor(own, cast.otto), duty_id, verdict=verdict, words="Early.")
        appeal(cast, record_id)
        assert state(session, record_id) is State.APPEALED
        with transaction() as own:
            answering.rule(own, actor(own, cast.otto), duty_id, verdict=verdict, words="As the file shows.")
        assert state(session, record_id) is expected
    assert "As the file shows." in browse("ana").get(f"/purposes/decisions/{record_id}").text


def test_an_appeal_without_a_reader_has_the_cio_name_one(cast, session, browse):
    record_id = make.decided(cast, make.opened(cast), DEVELOP)
    appeal(cast, record_id)
    cleo = browse("cleo")
    address = f"/decisions/records/{record_id}"
    assert "Appealed" in cleo.get(address).text
    refused = cleo.post(f"{address}/duties/reader", reader=str(cast.otto), reader_free="")
    assert refused.status_code == 422
    assert "Confirm that this person does not report to you." in refused.text
    assert cleo.post(f"{address}/duties/reader", reader=str(cast.otto), reader_free="y").status_code == 303
    assert "two of us were ill" in browse("otto").get(f"/duties/{make.duty_id(cast, record_id, READER)}").text


def test_the_four_weeks_for_an_appeal_end(cast, replaced):
    with clock.shifted(timedelta(days=29)), pytest.raises(ConflictError, match="four weeks"):
        appeal(cast, replaced)


def test_the_person_reads_decision_forecast_and_reader_in_plain_words(cast, browse, replaced):
    page = browse("ana").get(f"/purposes/decisions/{replaced}").text
    for words in ("80 %: leads one planning round alone", "Colin Achebe", "It has no effect before", "Offered before"):
        assert words in page


# Looking back


def look_back(cast, record_id, **changes):
    told = {
        "came_true": True,
        "what_happened": "She led the round of May.",
        "sound": True,
        "process": "All were heard.",
    }
    with transaction() as own:
        looking_back.look_back(own, actor(own, cast.cleo), record_id, **{**told, **changes})


def test_a_forecast_is_asked_back_on_its_day_and_scored(app, cast, session, browse):
    record_id = make.decided(cast, make.opened(cast), DEVELOP)
    with pytest.raises(ConflictError, match="has not come yet"):
        look_back(cast, record_id)
    assert not any(mail["Subject"].startswith("A forecast") for mail in sent(app))
    with clock.shifted(timedelta(days=121)):
        make.ready()
        assert [m["To"] for m in sent(app) if m["Subject"].startswith("A forecast")] == ["cleo@tessel.example"]
        cleo = browse("cleo")
        assert "Forecast due" in cleo.get("/decisions/records").text
        page = cleo.get(f"/decisions/records/{record_id}").text
        assert "Your forecast has come due" in page
        told = {"came_true": "no", "what_happened": "Nobody led it.", "sound": "yes", "why": "All were heard."}
        assert cleo.post(f"/decisions/records/{record_id}/look-back", **{**told, "sound": ""}).status_code == 422
        assert cleo.post(f"/decisions/records/{record_id}/look-back", **told).status_code == 303
        listed = cleo.get("/decisions/records").text
        assert "Brier score 0.64 over 1 forecast" in listed
        with pytest.raises(ConflictError, match="answered this forecast"):
            look_back(cast, record_id)


def test_only_whoever_decided_looks_back_and_only_while_the_organisation_is_ready(cast, session, browse):
    record_id = make.decided(cast, make.opened(cast), DEVELOP)
    address = f"/decisions/records/{record_id}"
    cleo = browse("cleo")
    assert cleo.get(address).status_code == 200
    assert "She asked what should change" not in cleo.get(address).text
    with transaction() as own:
        accounts.change_roles(own, actor(own, cast.ada), cast.lea, [Role.CIO])
    assert browse("lea").get(address).status_code == 404
    make.ready(RC_4=0)
    assert cleo.get(address).status_code == 404
    listed = cleo.get("/decisions/records").text
    assert "Nobody is named here now" in listed
    assert "Ana" not in listed


def test_no_coach_who_has_yet_to_rate_reads_the_forecast(cast, session, browse):
    with transaction() as own:
        accounts.change_roles(own, actor(own, cast.ada), cast.ben, [Role.COACH, Role.CIO])
    make.ready()
    make.basis(cast)
    with transaction() as own:
        from coachkit.features.decisions.models import PurposeViewer

        purpose_id = make.purpose(cast)
    make.released(cast, purpose_id)
    with transaction() as own:
        own.add(PurposeViewer(purpose_id=purpose_id, person_id=cast.ben))
    record_id = make.decided(cast, purpose_id, DEVELOP)
    address = f"/decisions/{purpose_id}/people/{cast.ana}/decision/{record_id}"
    told = "leads one planning round alone"
    assert told in browse("cleo").get(address).text
    ben = browse("ben")
    assert ben.get(address).status_code == 200
    for path in (address, f"{address}/dossier", f"{address}/dossier.json", f"/feedback/learners/{cast.ana}"):
        assert told not in ben.get(path).text, path


# Data protection


def test_what_stands_beside_a_record_can_be_taken_away_and_destroyed(cast, session, replaced):
    sign(cast, replaced)
    appeal(cast, replaced)
    about = privacy.export_person(session, cast.ana)["decisions_about"][0]
    assert about["forecast"]["chance"] == 80
    assert [each["what"] for each in about["said"]] == ["Signed by the second signer", "Appeal of the person"]
    assert privacy.export_person(session, cast.otto)["duties_on_decisions"][0]["duty"] == "second-signer"
    session.rollback()
    with transaction() as own:
        privacy.erase_person(own, cast.otto)
        account_privacy.erase_person(own, cast.otto)
    page = record_page(session, make.library(), session.get(DecisionRecord, replaced))
    assert page.course.duties[0].name == "Somebody who has left"
    assert page.unchanged
    session.rollback()
    with transaction() as own:
        privacy.erase_person(own, cast.ana)
    assert list(session.scalars(select(DecisionWord))) == []
    assert list(session.scalars(select(DecisionDuty))) == []
