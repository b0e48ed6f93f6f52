"""What no honest browser sends: unstorable characters, impossible numbers, fields that no form has."""

import unicodedata

import pytest
from sqlalchemy import select

from coachkit.features.accounts import service as accounts
from coachkit.features.accounts.models import Person
from coachkit.features.practice.models import Attempt, RatingSheet
from coachkit.platform.idempotency import new_key
from tests.factories import loop
from tests.factories.routes import PLAUSIBLE, paths

HUGE = 10**30


@pytest.fixture
def attempt_id(app, cast):
    with app.app_context():
        return loop.started(cast)


def invited(**changed):
    return {"name": "Noa Levi", "email": "noa@tessel.example", "track": "it", "roles": "learner"} | changed


@pytest.mark.one_database
@pytest.mark.parametrize("char", ["\x00", "\x08", "\x1b", "\uffff"], ids=repr)
def test_a_character_that_cannot_be_stored_is_named(browse, attempt_id, char):
    answer = browse("ana").post(f"/practice/{attempt_id}/evidence", version="2", evidence=f"before{char}after")
    assert answer.status_code == 422
    assert "cannot be stored" in answer.text


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["rate", "draft"])
def test_also_in_a_rating_sheet(browse, attempt_id, path):
    form = loop.self_form(_case(browse), line="asked\x00and waited")
    answer = browse("ana").post(f"/practice/{attempt_id}/{path}", **form)
    assert answer.status_code == 422
    assert "cannot be stored" in answer.text


def _case(_browse):
    from types import SimpleNamespace

    ids = ("interviewing.needs", "interviewing.questions", "interviewing.confirm", "analysis.frame")
    return SimpleNamespace(criteria=ids)


@pytest.mark.parametrize("field", ["keep-behaviour", "change-effect", "evidence-interviewing.needs"])
def test_also_in_a_coach_s_note(browse, app, cast, field):
    with app.app_context():
        attempt_id = loop.submitted(cast)
        form = loop.coach_form(loop.scenario())
    answer = browse("ben").post(f"/feedback/{attempt_id}", **{**form, field: "asked\x00and waited"})
    assert answer.status_code == 422
    assert "cannot be stored" in answer.text


def test_bytes_that_are_no_text_never_reach_the_database_as_such(browse, attempt_id, session):
    ana = browse("ana")
    body = f"csrf_token={ana.token()}&idempotency_key={new_key()}&version=2&evidence=a%ED%A0%80b%FF"
    answer = ana.client.post(
        f"/practice/{attempt_id}/evidence", data=body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in {303, 422}
    session.get(Attempt, attempt_id).evidence.encode("utf-8")


@pytest.mark.parametrize(
    "text", ["🚢 4-byte", "Ǆ ﷽ עברית العربية", "{{ 7*7 }} {% raw %}", "\u202eright to left", "a\u0301"]
)
def test_every_other_text_is_kept_exactly(browse, attempt_id, session, text):
    assert browse("ana").post(f"/practice/{attempt_id}/evidence", version="2", evidence=text).status_code == 303
    assert session.get(Attempt, attempt_id).evidence == unicodedata.normalize("NFC", text)


@pytest.mark.one_database
@pytest.mark.parametrize("char", ["\u202e", "\u2066", "\u2069", "\u202a"], ids=repr)
def test_a_name_cannot_turn_the_direction_of_writing(browse, char):
    answer = browse("ada").post("/admin/people/new", **invited(name=f"Noa{char}iveL"))
    assert answer.status_code == 422
    assert "direction marks" in answer.text


@pytest.mark.one_database
def test_a_name_shows_as_text_everywhere(browse, session):
    ada = browse("ada")
    for name in ('<img src=x onerror="alert(1)">', "{{ 7*7 }}"):
        answer = ada.post("/admin/people/new", **invited(name=name, email=f"p{len(name)}@tessel.example"))
        page = ada.get(answer.location).text
        assert name not in page or "{{" in name
        assert "<img" not in page
        assert ">49<" not in page


@pytest.mark.one_database
def test_text_from_a_person_is_text_in_every_view(browse, app, cast):
    with app.app_context():
        attempt_id = loop.revealed(
            cast, evidence="<script>alert(1)</script>", own="</textarea><script>", seen='"><svg onload=x>'
        )
    for who in ("ana", "ben"):
        page = browse(who).get(f"/feedback/{attempt_id}/reveal").text
        assert "<script>alert" not in page
        assert "<svg onload" not in page
        assert "&lt;/textarea&gt;&lt;script&gt;" in page
        assert "&#34;&gt;&lt;svg onload=x&gt;" in page


@pytest.mark.parametrize("who", ["ana", "ben", "ada", "cleo"])
def test_a_number_that_no_row_can_have_is_not_found(browse, app, monkeypatch, who):
    names = [name for name in PLAUSIBLE if name.endswith("_id") and isinstance(PLAUSIBLE[name][0], int)]
    for name in names:
        monkeypatch.setitem(PLAUSIBLE, name, (HUGE, 2**31, 2**63))
    somebody = browse(who)
    for path in paths(app):
        if any(str(number) in path for number in (HUGE, 2**31, 2**63)):
            assert somebody.get(path).status_code in {403, 404}, path


@pytest.mark.parametrize("value", [str(HUGE), str(2**31), "-1", "x", "1.5", "", "²"])
def test_a_number_in_a_form_that_no_row_can_have_is_refused(browse, app, cast, value):
    ada, ana = browse("ada"), browse("ana")
    assert ada.post(f"/admin/people/{cast.ana}/coaches", coach_id=value).status_code in {404, 422}
    assert ada.post(f"/admin/people/{cast.ana}/cohort", cohort_id=value).status_code in {404, 422}
    start = ana.post(f"/practice/scenarios/{loop.SCENARIO}/start", kind="practice", coach_id=value)
    assert start.status_code in {303, 422}
    stale = ana.post("/practice/1/evidence", version=value, evidence="x")
    assert stale.status_code in {404, 409}


@pytest.mark.parametrize("search", ["%00", "%ED%A0%80", "%25", "'", '"', "%5C", "x" * 5000], ids=repr)
def test_a_search_for_anything_is_answered(browse, search):
    answer = browse("ada").get(f"/admin/people?search={search[:3000]}")
    assert answer.status_code == (400 if search == "%00" else 200)


@pytest.mark.one_database
@pytest.mark.parametrize("page", ["0", "-5", "99999999999999999999999", "x"])
def test_a_page_number_that_does_not_exist_is_answered(browse, page):
    assert browse("ada").get(f"/admin/people?page={page}").status_code == 200


@pytest.mark.parametrize(
    "piece", ["%00", "..", "%2e%2e%2f", "a%0d%0aSet-Cookie:x=1", "%ED%A0%80", "x" * 2000], ids=repr
)
def test_a_name_in_an_address_that_does_not_exist_is_not_found(browse, piece):
    ana = browse("ana")
    for path in (
        "/modules/{}",
        "/modules/how-to-practise/{}",
        "/modules/how-to-practise/files/{}",
        "/criteria/{}",
        "/practice/scenarios/{}",
        "/invitation/{}",
        "/v/{}/x",
    ):
        answer = ana.get(path.format(piece))
        assert answer.status_code in {404, 308, 303, 200}, path
        assert answer.status_code != 200 or path.startswith(("/v/", "/modules/how", "/criteria")), path
        assert "Set-Cookie: x" not in str(answer.headers)


@pytest.mark.one_database
def test_fields_that_no_form_has_change_nothing(browse, app, cast, session, attempt_id):
    """Every column of the attempt, sent along with each of its forms."""
    extra = {
        "learner_id": str(cast.dan), "kind": "practice", "submitted_at": "2026-01-01", "revealed_at": "2026-01-01",
        "library_version": "x", "coach_id": str(cast.eva), "created_at": "2020-01-01", "id": "99", "role": "admin",
        "roles": "admin", "person_id": str(cast.dan), "rater_id": str(cast.eva), "locked_at": "2026-01-01",
    }  # fmt: skip
    ana = browse("ana")
    case = _case(browse)
    before = {k: getattr(session.get(Attempt, attempt_id), k) for k in extra if hasattr(Attempt, k)}
    assert (
        ana.post(f"/practice/{attempt_id}/evidence", **(extra | {"version": "2", "evidence": "x"})).status_code == 303
    )
    assert ana.post(f"/practice/{attempt_id}/draft", **(extra | loop.self_form(case))).status_code == 303
    found = session.get(Attempt, attempt_id)
    assert {k: getattr(found, k) for k in before} == before
    sheet = session.scalars(select(RatingSheet)).one()
    assert (sheet.rater_id, sheet.locked_at, sheet.kind) == (cast.ana, None, "self")
    assert accounts.roles_of(session, cast.ana) == {"learner"}
    assert session.get(Person, cast.ana).email == "ana@tessel.example"


@pytest.mark.one_database
def test_a_form_of_fifty_thousand_fields_is_refused(browse):
    ana = browse("ana")
    body = f"csrf_token={ana.token()}&" + "&".join(f"a{n}=1" for n in range(50_000))
    answer = ana.client.post("/account/end-others", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


@pytest.mark.one_database
def test_a_form_in_ten_thousand_parts_is_refused(browse):
    ana = browse("ana")
    parts = {f"a{n}": "1" for n in range(1000)} | {"csrf_token": ana.token()}
    answer = ana.client.post("/account/end-others", data=parts, content_type="multipart/form-data")
    assert answer.status_code == 413
