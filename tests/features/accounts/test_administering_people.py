"""The administrator's pages: people, roles, coaches, cohorts, and the second proof that they ask for."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from coachkit.features.accounts import queries, service
from coachkit.features.accounts.models import Cohort, Person
from coachkit.platform import clock
from coachkit.platform.audit import AuditEvent
from coachkit.platform.policy import Role
from tests.factories import loop
from tests.factories.cast import PASSWORD


@pytest.fixture
def ada(browse):
    return browse("ada")


def events(session, action) -> list[AuditEvent]:
    return list(session.scalars(select(AuditEvent).where(AuditEvent.action == action)))


def test_people_are_listed_by_name_and_found_by_name_or_address(ada, session):
    page = ada.get("/admin/people").text
    names = list(session.scalars(select(Person.name)))
    positions = [page.index(name) for name in sorted(names)]
    assert positions == sorted(positions)
    assert "Ana Baptiste" not in ada.get("/admin/people?search=okoro").text
    assert "Dan Okoro" in ada.get("/admin/people?search=DAN%40tessel").text
    assert "Nobody found" in ada.get("/admin/people?search=zzz").text


def test_new_roles_count_at_once_because_the_person_is_signed_out(ada, browse, cast, session):
    ana = browse("ana")
    assert ada.post(f"/admin/people/{cast.ana}/roles", roles=["learner", "coach"]).status_code == 303
    assert ana.get("/account").status_code == 303
    assert service.roles_of(session, cast.ana) == {Role.LEARNER, Role.COACH}
    assert browse("ana").get("/feedback/queue").status_code == 200
    (event,) = events(session, "person:roles")
    assert event.detail == '{"roles":["coach","learner"]}'
    assert event.subject == queries.pseudonym_of(session, cast.ana)


def test_a_role_that_is_taken_away_is_gone_at_the_next_request(ada, browse, cast):
    ben = browse("ben")
    ada.post(f"/admin/people/{cast.ben}/roles", roles=["learner"])
    assert ben.get("/feedback/queue").status_code == 303
    assert browse("ben").get("/feedback/queue").status_code == 403


@pytest.mark.parametrize(("whom", "roles"), [("ada", ["learner"]), ("ana", [])])
def test_nobody_is_left_without_a_role_or_the_house_without_an_administrator(ada, cast, session, whom, roles):
    before = service.roles_of(session, cast.ids[whom])
    answer = ada.post(f"/admin/people/{cast.ids[whom]}/roles", roles=roles)
    assert answer.status_code == 422
    assert "cannot take the administrator" in answer.text or "at least one role" in answer.text
    assert service.roles_of(session, cast.ids[whom]) == before


def test_a_closed_account_is_signed_out_and_can_be_opened_again(ada, browse, cast, session):
    ana = browse("ana")
    assert ada.post(f"/admin/people/{cast.ana}/close").status_code == 303
    assert ana.get("/account").status_code == 303
    assert browse(None).post("/sign-in", email="ana@tessel.example", password=PASSWORD).status_code == 422
    assert ada.post(f"/admin/people/{cast.ana}/open").status_code == 303
    assert browse("ana").get("/account").status_code == 200
    assert len(events(session, "person:close")) == len(events(session, "person:open")) == 1


def test_nobody_closes_his_own_account(ada, cast):
    assert ada.post(f"/admin/people/{cast.ada}/close").status_code == 409
    assert ada.get("/account").status_code == 200


def test_a_coach_is_given_and_taken(ada, browse, cast, session):
    assert ada.post(f"/admin/people/{cast.ana}/coaches", coach_id=cast.mia).status_code == 303
    assert queries.coach_ids_of(session, cast.ana) == {cast.ben, cast.mia}
    assert "Mia Haddad" in ada.get(f"/admin/people/{cast.ana}").text
    assert ada.post(f"/admin/people/{cast.ana}/coaches", coach_id=cast.ben, end="1").status_code == 303
    assert queries.coach_ids_of(session, cast.ana) == {cast.mia}
    assert len(events(session, "coaching:begin")) == len(events(session, "coaching:end")) == 1
    assert "Mia Haddad" in browse("ana").get("/account").text


def test_giving_the_same_coach_twice_is_once(ada, cast, session):
    for _ in range(2):
        ada.post(f"/admin/people/{cast.ana}/coaches", coach_id=cast.mia)
    assert len(events(session, "coaching:begin")) == 1


@pytest.mark.one_database
@pytest.mark.parametrize("whom", ["ana", "dan", "lea", "ada"])
def test_only_a_coach_coaches_and_nobody_himself(ada, cast, session, whom):
    answer = ada.post(f"/admin/people/{cast.ana}/coaches", coach_id=cast.ids[whom])
    assert answer.status_code == 422
    assert queries.coach_ids_of(session, cast.ana) == {cast.ben}


def test_only_a_learner_is_coached(ada, cast, session):
    assert ada.post(f"/admin/people/{cast.cleo}/coaches", coach_id=cast.ben).status_code == 422
    assert queries.coach_ids_of(session, cast.cleo) == frozenset()


def test_a_cohort_is_opened_and_filled(ada, cast, session):
    assert ada.post("/admin/cohorts", name="Autumn", starts_on="2026-09-01").status_code == 303
    cohort = session.scalars(select(Cohort).where(Cohort.name == "Autumn")).one()
    assert ada.post(f"/admin/people/{cast.mia}/cohort", cohort_id=cohort.id).status_code == 303
    assert ada.post(f"/admin/people/{cast.mia}/cohort", cohort_id=cohort.id).status_code == 303
    assert "Mia Haddad" in ada.get("/admin/cohorts").text
    assert queries.membership(session, cast.mia).since.isoformat() == "2026-09-01"
    assert [len(events(session, f"cohort:{act}")) for act in ("open", "join")] == [1, 1]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"name": "Spring", "starts_on": "2026-09-01"}, "There is a cohort of this name already."),
        ({"name": "", "starts_on": "2026-09-01"}, "Please give the cohort a name."),
        ({"name": "Autumn", "starts_on": ""}, "Please give the first day."),
        ({"name": "Autumn", "starts_on": "2026-13-40"}, "Not a valid date"),
        ({"name": "A" * 121, "starts_on": "2026-09-01"}, "120"),
    ],
)
def test_a_cohort_that_cannot_be_opened_says_why(ada, session, form, said):
    answer = ada.post("/admin/cohorts", **form)
    assert answer.status_code == 422
    assert said in answer.text
    assert form["name"] in answer.text
    assert len(session.scalars(select(Cohort)).all()) == 1


def test_a_cohort_sent_twice_is_one(ada, session):
    for _ in range(2):
        assert ada.post("/admin/cohorts", key="k" * 22, name="Autumn", starts_on="2026-09-01").status_code == 303
    assert len(session.scalars(select(Cohort)).all()) == 2


ACTS = {
    "people/new": {"name": "Noa Levi", "email": "noa@tessel.example", "track": "it", "roles": "learner"},
    "people/{ana}/roles": {"roles": "admin"},
    "people/{ana}/invitation": {},
    "people/{ana}/close": {},
    "people/{ana}/coaches": {"coach_id": "{mia}"},
    "people/{ana}/cohort": {"cohort_id": "1"},
}


@pytest.mark.one_database
@pytest.mark.parametrize("path", ACTS)
def test_an_act_about_people_needs_a_recent_proof(ada, cast, session, path):
    form = {name: value.format(**cast.ids) for name, value in ACTS[path].items()}
    before = len(session.scalars(select(AuditEvent)).all())
    with clock.shifted(timedelta(minutes=11)):
        answer = ada.post(f"/admin/{path.format(**cast.ids)}", **form)
        typed = path in {"people/new", "people/{ana}/roles"}  # then the page stays, with what was typed
        assert (answer.status_code, answer.location) == ((401, None) if typed else (303, "/account/prove"))
        assert "/account/prove" in answer.text
        assert len(session.scalars(select(AuditEvent)).all()) == before


def test_a_proof_opens_the_next_ten_minutes(ada, cast):
    act = f"/admin/people/{cast.ana}/coaches"
    with clock.shifted(timedelta(minutes=11)):
        assert "Confirm that it is you" in ada.get("/account/prove").text
        wrong = ada.post("/account/prove", password="not the right one", next="/admin/people")
        assert wrong.status_code == 422
        assert ada.post("/account/prove", password=PASSWORD, next="/admin/people").location == "/admin/people"
        assert ada.post(act, coach_id=cast.mia).location == f"/admin/people/{cast.ana}"
    with clock.shifted(timedelta(minutes=20)):
        assert ada.post(act, coach_id=cast.eva).location == f"/admin/people/{cast.ana}"
    with clock.shifted(timedelta(minutes=22)):
        assert ada.post(act, coach_id=cast.eva).location.startswith("/account/prove")


def test_guesses_at_the_proof_are_slowed_down(ada):
    codes = [ada.post("/account/prove", password=f"wrong one {n}").status_code for n in range(12)]
    assert codes[-1] == 429


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["ana", "ben", "lea", "cleo", "otto"])
def test_nobody_else_comes_to_these_pages(browse, cast, session, who):
    somebody = browse(who)
    for path in ("people", "people/new", f"people/{cast.ana}", "cohorts"):
        assert somebody.get(f"/admin/{path}").status_code == 403
    for path, form in ACTS.items():
        sent = {name: value.format(**cast.ids) for name, value in form.items()}
        assert somebody.post(f"/admin/{path.format(**cast.ids)}", **sent).status_code == 403
    assert service.roles_of(session, cast.ana) == {Role.LEARNER}


@pytest.mark.one_database
def test_a_person_who_does_not_exist_is_not_found(ada):
    assert ada.get("/admin/people/999").status_code == 404
    for path in ("roles", "invitation", "close", "coaches", "cohort"):
        assert ada.post(f"/admin/people/999/{path}", roles="coach").status_code == 404


@pytest.mark.one_database
def test_the_administrator_sees_nothing_of_what_people_practise(ada, app, cast):
    with app.app_context():
        attempt_id = loop.revealed(cast, evidence="CANARY-SAID", own="CANARY-OWN", seen="CANARY-SEEN")
    from tests.factories.routes import paths

    for path in paths(app):
        assert "CANARY" not in ada.get(path).text, path
    assert ada.get(f"/feedback/{attempt_id}/reveal").status_code == 404
