"""Every route and every role: who is let in. A route that is not in the table fails the suite.

The world: Ana (coached by Ben) has an official attempt that waits (1), one with a file that both have locked (2),
and a practice attempt of her own (3); two coaches, Ben and Mia, differ on (4), and Eva is the second coach of (1). Ana
contests half of the note on (2), at which Eva looks again. She has issued
report 1 and certificate 2, and released to purpose 1, into which Cleo looks and which asked Dan too; Cleo has recorded
decision 1 about Ana, with Otto named for Human Resources. Ana plays dialogue 1 for herself and has read what brings
her cards. She has asked Ben for conversation 1; he is in training round 1 and keeps phrase 1. She has
named Olu as sponsor. Dan is another learner, Eva his coach, Mia a coach with no learner.
"""

from __future__ import annotations

import re

import pytest

from coachkit.domain.decision.safeguards import Duty
from coachkit.features.decisions.duties import Named
from coachkit.features.feedback.bank import service as bank
from coachkit.features.feedback.conversation import service as conversation
from coachkit.features.feedback.field_log import service as field_log
from coachkit.features.feedback.sponsor import service as sponsor
from coachkit.features.learning import service as learning
from coachkit.features.licence import service as licence
from coachkit.features.practice import dialogues
from coachkit.features.reports import batches, sheets
from coachkit.features.reports import service as reports
from coachkit.platform import clock
from coachkit.platform.db import transaction
from coachkit.web.library import library_of
from tests.factories import calibration, decisions, loop, organisation, uploads
from tests.factories.cast import PEOPLE

PEOPLE_IN_ORDER = ("nobody", *PEOPLE)
SIGNED_IN = frozenset(PEOPLE)
EVERYBODY = SIGNED_IN | {"nobody"}
LEARNERS = {"ana", "dan"}
COACHES = {"ben", "eva", "mia"}
ANA, BEN, CLEO, ADA, LEA, DAN, OTTO = {"ana"}, {"ben"}, {"cleo"}, {"ada"}, {"lea"}, {"dan"}, {"otto"}
EVA, MIA = {"eva"}, {"mia"}
NOBODY: set[str] = set()

GET = {
    "/programme/report": CLEO,
    "/": SIGNED_IN,
    "/<any(invitation, reset):purpose>/<token>": NOBODY,
    "/account": SIGNED_IN,
    "/account/export": SIGNED_IN,
    "/account/looks": SIGNED_IN,
    "/account/prove": SIGNED_IN,
    "/admin/basis": ADA,
    "/admin/cohorts": ADA,
    "/admin/content": ADA,
    "/admin/fairness": ADA,
    "/admin/health": ADA,
    "/admin/people": ADA,
    "/admin/people/<int:person_id>": ADA,
    "/admin/people/<int:person_id>/erase": ADA,
    "/admin/people/new": ADA,
    "/admin/reports": ADA,
    "/admin/reports/<int:batch_id>": ADA,
    "/admin/reports/<int:batch_id>/state": ADA,
    "/answer/<token>": NOBODY,
    "/answered": EVERYBODY,
    "/audit": ADA | {"otto"},
    "/audit/decisions": OTTO,
    "/audit/decisions/<int:record_id>/dossier": OTTO,
    "/audit/decisions/<int:record_id>/dossier.json": OTTO,
    "/calibration": LEA,
    "/calibration/criteria/<criterion_id>": LEA,
    "/calibration/runs/<int:run_id>": LEA,
    "/cards": SIGNED_IN,
    "/certificate": LEARNERS,
    "/conversations": LEARNERS,
    "/conversations/<int:conversation_id>": ANA | BEN,
    "/conversations/<int:conversation_id>/share": NOBODY,  # before it has an outcome
    "/criteria": SIGNED_IN,
    "/criteria/<skill_id>": SIGNED_IN,
    "/decisions": CLEO,
    "/decisions/<int:purpose_id>": CLEO,
    "/decisions/<int:purpose_id>/people/<int:person_id>": CLEO,
    "/decisions/<int:purpose_id>/people/<int:person_id>/decision/<int:record_id>": CLEO,
    "/decisions/<int:purpose_id>/people/<int:person_id>/decision/<int:record_id>/dossier": CLEO,
    "/decisions/<int:purpose_id>/people/<int:person_id>/decision/<int:record_id>/dossier.json": CLEO,
    "/decisions/<int:purpose_id>/people/<int:person_id>/report": CLEO | ANA,
    "/decisions/<int:purpose_id>/reports": CLEO,
    "/decisions/<int:purpose_id>/reports/<int:batch_id>": CLEO,
    "/decisions/<int:purpose_id>/reports/<int:batch_id>/state": CLEO,
    "/decisions/<int:purpose_id>/reports/<int:batch_id>/zip": CLEO,
    "/decisions/new": CLEO,
    "/decisions/records": CLEO,
    "/decisions/records/<int:record_id>": CLEO,
    "/duties": SIGNED_IN,
    "/duties/<int:duty_id>": OTTO,
    "/feedback/<int:attempt_id>": BEN,
    "/feedback/<int:attempt_id>/agreed": BEN | MIA,
    "/feedback/<int:attempt_id>/observe": BEN,
    "/feedback/<int:attempt_id>/observer": ANA,
    "/feedback/<int:attempt_id>/change/<criterion_id>": ANA | BEN,
    "/feedback/<int:attempt_id>/differ/<item>": ANA,
    "/feedback/<int:attempt_id>/reveal": NOBODY,
    "/feedback/<int:attempt_id>/second": EVA,
    "/feedback/coaches": LEA,
    "/feedback/contests": LEA,
    "/feedback/contests/<int:contest_id>": EVA,
    "/feedback/contests/<int:contest_id>/files/<int:file_id>": EVA,
    "/feedback/differ": LEARNERS,
    "/feedback/absence": COACHES,
    "/feedback/landed": COACHES,
    "/feedback/phrases": COACHES,
    "/feedback/learners": COACHES,
    "/feedback/learners/<int:learner_id>": ANA | BEN,
    "/feedback/learners/<int:learner_id>/sheet": BEN,
    "/feedback/queue": COACHES,
    "/feedback/second-looks": LEA,
    "/field-log": LEARNERS,
    "/fairness/<token>": NOBODY,
    "/first-admin/<token>": NOBODY,
    "/glossary": SIGNED_IN,
    "/healthz": EVERYBODY,
    "/invited/<token>": NOBODY,
    "/invited/record": NOBODY,
    "/licence": COACHES,
    "/licence/coaches": LEA | ADA,
    "/licence/rounds/<int:round_id>": BEN,
    "/licence/rounds/<int:round_id>/<sample_id>": BEN,
    "/licence/skills/<skill_id>": COACHES,
    "/measures": LEARNERS,
    "/method": SIGNED_IN,
    "/modules": SIGNED_IN,
    "/modules/<slug>": SIGNED_IN,
    "/modules/<slug>/<step_id>": SIGNED_IN,
    "/modules/<slug>/files/<name>": SIGNED_IN,
    "/modules/<slug>/test-out": SIGNED_IN,
    "/modules/ideas": SIGNED_IN,
    "/modules/notes": SIGNED_IN,
    "/notices": SIGNED_IN,
    "/notices/stop/<token>": NOBODY,
    "/organisation": CLEO | ADA,
    "/organisation/charter": SIGNED_IN,
    "/organisation/charter/<int:post_id>": SIGNED_IN,
    "/organisation/charter/<int:post_id>/versions/<int:version>": SIGNED_IN,
    "/organisation/charter/<int:post_id>/write": CLEO,
    "/organisation/gap": CLEO,
    "/organisation/inherited": CLEO,
    "/organisation/load": CLEO | ADA,
    "/organisation/options": CLEO | ADA,
    "/organisation/options/<int:post_id>": CLEO | ADA,
    "/organisation/options/<int:post_id>/figures": CLEO,
    "/organisation/posts/<int:post_id>": CLEO,
    "/organisation/posts/new": CLEO,
    "/organisation/pulse": CLEO | ADA,
    "/organisation/small-print": SIGNED_IN,
    "/partner": EVERYBODY,
    "/partner/<token>": NOBODY,
    "/partner/<token>/recording": NOBODY,
    "/look-again/<token>": NOBODY,
    "/look-again/<token>/files/<int:file_id>": NOBODY,
    "/path": LEARNERS,
    "/practice": LEARNERS,
    "/practice/<int:attempt_id>": ANA,
    "/practice/<int:attempt_id>/agreement": ANA,
    "/practice/<int:attempt_id>/files": ANA,
    "/practice/<int:attempt_id>/files/<int:file_id>": ANA,
    "/practice/<int:attempt_id>/files/<int:file_id>/content": ANA | BEN,
    "/practice/<int:attempt_id>/files/<int:file_id>/delete": ANA,
    "/practice/<int:attempt_id>/rate": ANA,
    "/practice/<int:attempt_id>/record": ANA,
    "/practice/<int:attempt_id>/partner": ANA,
    "/practice/<int:attempt_id>/retry": ANA,
    "/practice/adjustments": LEARNERS,
    "/practice/dialogues": SIGNED_IN,
    "/practice/dialogues/<dialogue_id>": SIGNED_IN,
    "/practice/dialogues/plays/<int:play_id>": ANA,
    "/practice/growth": LEARNERS,
    "/practice/scenarios/<scenario_id>": SIGNED_IN,
    "/practice/scenarios/<scenario_id>/kit": SIGNED_IN,
    "/practice/scenarios/<scenario_id>/partner": COACHES | LEA,
    "/prints/<int:report_id>": ANA,
    "/prints/<int:report_id>/pdf": ANA,
    "/prints/<int:report_id>/state": ANA,
    "/programme": CLEO | ADA | LEA,
    "/purposes": LEARNERS,
    "/purposes/<int:purpose_id>": LEARNERS,
    "/purposes/decisions/<int:record_id>": ANA,
    "/purposes/decisions/<int:record_id>/dossier": ANA,
    "/purposes/decisions/<int:record_id>/dossier.json": ANA,
    "/readiness": CLEO | ADA,
    "/readiness/check": CLEO | ADA,
    "/readiness/steps": CLEO,
    "/report": LEARNERS,
    "/report/<int:report_id>": ANA,
    "/report/<int:report_id>/pdf": ANA,
    "/report/<int:report_id>/report.json": ANA,
    "/report/<int:report_id>/state": ANA,
    "/reset": EVERYBODY,
    "/search": SIGNED_IN,
    "/sign-in": EVERYBODY,
    "/sources": SIGNED_IN,
    "/sponsor": LEARNERS,
    "/sponsor/<token>": NOBODY,
    "/sponsored": SIGNED_IN,
    "/static/<path:name>": EVERYBODY,
    "/v": EVERYBODY,
    "/v/<number>": EVERYBODY,
    "/v/<number>/<code>": NOBODY,
}
POST = {
    "/programme/report": CLEO,
    "/audit/decisions/<int:record_id>/dossier/print": OTTO,
    "/decisions/<int:purpose_id>/people/<int:person_id>/decision/<int:record_id>/dossier/print": CLEO,
    "/purposes/decisions/<int:record_id>/dossier/print": ANA,
    "/<any(invitation, reset):purpose>/<token>": NOBODY,
    "/account/end-others": SIGNED_IN,
    "/account/password": SIGNED_IN,
    "/account/prove": SIGNED_IN,
    "/admin/basis": ADA,
    "/admin/basis/end": ADA,
    "/admin/cohorts": ADA,
    "/admin/content/publish": ADA,
    "/admin/content/roll-back": NOBODY,  # to a version that there must have been
    "/admin/fairness": ADA,
    "/admin/people/<int:person_id>/<any(open, close):act>": ADA,
    "/admin/people/<int:person_id>/coaches": ADA,
    "/admin/people/<int:person_id>/cohort": ADA,
    "/admin/people/<int:person_id>/erase": ADA,
    "/admin/people/<int:person_id>/invitation": ADA,
    "/admin/people/<int:person_id>/roles": ADA,
    "/admin/people/new": ADA,
    "/admin/reports": ADA,
    "/admin/reports/<int:batch_id>/again": ADA,
    "/admin/reports/<int:batch_id>/cancel": ADA,
    "/answer/<token>": NOBODY,
    "/calibration/run": LEA,
    "/cards/<card_id>": ANA,
    "/certificate": LEARNERS,
    "/conversations/<int:conversation_id>/delete": ANA,
    "/conversations/<int:conversation_id>/notes": ANA | BEN,
    "/conversations/<int:conversation_id>/outcome": ANA | BEN,
    "/conversations/<int:conversation_id>/quotes": ANA | BEN,
    "/conversations/<int:conversation_id>/quotes/<int:quote_id>/strike": ANA,
    "/conversations/<int:conversation_id>/share": NOBODY,
    "/conversations/<int:conversation_id>/statement": ANA | BEN,
    "/conversations/begin": LEARNERS,
    "/decisions/<int:purpose_id>/close": CLEO,
    "/decisions/<int:purpose_id>/people/<int:person_id>": CLEO,
    "/decisions/<int:purpose_id>/people/<int:person_id>/report": CLEO,
    "/decisions/<int:purpose_id>/reports": CLEO,
    "/decisions/<int:purpose_id>/reports/<int:batch_id>/again": CLEO,
    "/decisions/<int:purpose_id>/reports/<int:batch_id>/cancel": CLEO,
    "/decisions/<int:purpose_id>/people/<int:person_id>/more": CLEO,
    "/decisions/new": CLEO,
    "/decisions/records/<int:record_id>/duties/<any(signer, reader, hr):field>": CLEO,
    "/decisions/records/<int:record_id>/look-back": CLEO,
    "/duties/<int:duty_id>/<any(sign, rule, note):deed>": OTTO,
    "/feedback/<int:attempt_id>": BEN,
    "/feedback/<int:attempt_id>/agreed": BEN | MIA,
    "/feedback/<int:attempt_id>/agreed/answer": BEN | MIA,
    "/feedback/<int:attempt_id>/answer": ANA,
    "/feedback/<int:attempt_id>/change/<criterion_id>": ANA | BEN,
    "/feedback/<int:attempt_id>/differ/<item>": ANA,
    "/feedback/<int:attempt_id>/claim": BEN,
    "/feedback/<int:attempt_id>/comments": BEN,
    "/feedback/<int:attempt_id>/comments/<int:comment_id>/delete": BEN,
    "/feedback/<int:attempt_id>/comments/<int:comment_id>/edit": BEN,
    "/feedback/<int:attempt_id>/comments/<int:comment_id>/keep": BEN,
    "/feedback/<int:attempt_id>/phrases/<key>": BEN,
    "/feedback/<int:attempt_id>/draft": BEN,
    "/feedback/<int:attempt_id>/observe/notes": BEN,
    "/feedback/<int:attempt_id>/observe/start": BEN,
    "/feedback/<int:attempt_id>/observer": ANA,
    "/feedback/<int:attempt_id>/give-back": BEN,
    "/feedback/<int:attempt_id>/take-back": BEN,
    "/feedback/<int:attempt_id>/useful": ANA,
    "/feedback/<int:attempt_id>/plan": ANA,
    "/feedback/<int:attempt_id>/plan/<int:plan_id>": ANA,
    "/feedback/<int:attempt_id>/return": BEN,
    "/feedback/<int:attempt_id>/second": EVA,
    "/feedback/<int:attempt_id>/second/claim": EVA,
    "/feedback/<int:attempt_id>/second/draft": EVA,
    "/feedback/<int:attempt_id>/second/give-back": EVA,
    "/feedback/contests/<int:contest_id>": EVA,
    "/feedback/contests/<int:contest_id>/another": LEA,
    "/feedback/contests/<int:contest_id>/outsider": LEA,
    "/feedback/contests/<int:contest_id>/withdraw": ANA,
    "/feedback/differ": LEARNERS,
    "/feedback/absence": COACHES,
    "/feedback/absence/<int:absence_id>/end": NOBODY,  # nobody is away
    "/feedback/coaches/hand-over": LEA,
    "/feedback/learners/<int:learner_id>/private-note": BEN,
    "/feedback/phrases": COACHES,
    "/feedback/phrases/<int:phrase_id>": BEN,
    "/feedback/phrases/<int:phrase_id>/delete": BEN,
    "/feedback/queue/next": COACHES,
    "/feedback/queue/send": COACHES,
    "/feedback/learners/<int:learner_id>/sheet": BEN,
    "/feedback/second-looks/<int:attempt_id>": LEA,
    "/feedback/second-looks/<int:attempt_id>/hand-over": LEA,
    "/field-log": LEARNERS,
    "/field-log/<int:entry_id>/strike": ANA,
    "/fairness/<token>": NOBODY,
    "/first-admin/<token>": NOBODY,
    "/invited/<token>": NOBODY,
    "/invited/record/<any(sign, rule, note):deed>": NOBODY,
    "/licence/rounds/<int:round_id>/<sample_id>": BEN,
    "/licence/skills/<skill_id>/start": COACHES,
    "/look-again/<token>": NOBODY,
    "/modules/<slug>/<step_id>/note": SIGNED_IN,
    "/modules/<slug>/<step_id>/read": SIGNED_IN,
    "/modules/<slug>/quiz/<item_id>": SIGNED_IN,
    "/modules/<slug>/test-out": SIGNED_IN,
    "/notices/<int:notice_id>": NOBODY,  # nobody has been told anything in this world
    "/notices/mails": SIGNED_IN,
    "/notices/read": SIGNED_IN,
    "/notices/stop/<token>": NOBODY,
    "/organisation/charter/<int:post_id>/write": CLEO,
    "/organisation/gap": CLEO,
    "/organisation/inherited": CLEO,
    "/organisation/options/<int:post_id>/figures": CLEO,
    "/organisation/posts/<int:post_id>": CLEO,
    "/organisation/posts/new": CLEO,
    "/partner/<token>/answer": NOBODY,
    "/partner/<token>/recording": NOBODY,
    "/partner/<token>/words": NOBODY,
    "/organisation/pulse/begin": CLEO | ADA,
    "/organisation/pulse/close": CLEO | ADA,
    "/organisation/pulse/links": ADA,
    "/path/ladder": LEARNERS,
    "/practice/<int:attempt_id>/draft": ANA,
    "/practice/<int:attempt_id>/agreement": ANA,
    "/practice/<int:attempt_id>/agreement/end": ANA,
    "/practice/<int:attempt_id>/evidence": ANA,
    "/practice/<int:attempt_id>/files": ANA,
    "/practice/<int:attempt_id>/files/<int:file_id>/<int:offset>": ANA,
    "/practice/<int:attempt_id>/files/<int:file_id>/delete": ANA,
    "/practice/<int:attempt_id>/files/<int:file_id>/finish": ANA,
    "/practice/<int:attempt_id>/files/whole": ANA,
    "/practice/<int:attempt_id>/partner": ANA,
    "/practice/<int:attempt_id>/partner/end": ANA,
    "/practice/<int:attempt_id>/rate": ANA,
    "/practice/<int:attempt_id>/retry": ANA,
    "/practice/<int:attempt_id>/withdraw": ANA,
    "/practice/adjustments": LEARNERS,
    "/practice/dialogues/<dialogue_id>/start": SIGNED_IN,
    "/practice/dialogues/plays/<int:play_id>/choose": ANA,
    "/practice/dialogues/plays/<int:play_id>/replay": ANA,
    "/practice/scenarios/<scenario_id>/kit": SIGNED_IN,
    "/practice/scenarios/<scenario_id>/start": LEARNERS,
    "/prints/<int:report_id>/again": ANA,
    "/prints/<int:report_id>/withdraw": ANA,
    "/purposes/<int:purpose_id>/release": LEARNERS,
    "/purposes/<int:purpose_id>/withdraw": LEARNERS,
    "/readiness/begin": CLEO | ADA,
    "/readiness/check": CLEO,
    "/readiness/close": CLEO,
    "/readiness/links": ADA,
    "/readiness/steps": CLEO,
    "/readiness/stop": CLEO,
    "/purposes/decisions/<int:record_id>/<any(answer, appeal):reply>": ANA,
    "/report": LEARNERS,
    "/report/<int:report_id>/again": ANA,
    "/report/<int:report_id>/withdraw": ANA,
    "/reset": EVERYBODY,
    "/sign-in": EVERYBODY,
    "/sign-out": EVERYBODY,
    "/sponsor": LEARNERS,
    "/sponsor/end": LEARNERS,
    "/sponsor/share": LEARNERS,
}
VALUES = {
    "round_id": 1, "sample_id": "cal-interviewing-1",
    "entry_id": 1, "file_id": 1,
    "contest_id": 1, "comment_id": 1, "item": "change",
    "batch_id": 1, "criterion_id": "comm.tone", "run_id": 1, "scenario_id": "rp04", "skill_id": "interviewing",
    "attempt_id": 1, "item_id": "m06-q1", "learner_id": "{ana}", "name": "confirmation-page.md", "person_id": "{ana}",
    "report_id": 1, "card_id": "m06-c1", "dialogue_id": "bd1", "plan_id": 1, "play_id": 1, "purpose_id": 1,
    "slug": "interviewing-for-needs", "step_id": "why-it-matters", "token": "no-such-token", "number": "CK-00-00000",
    "conversation_id": 1, "quote_id": 1, "duty_id": 1, "field": "hr", "deed": "note", "reply": "answer", "record_id": 1,
    "notice_id": 1, "absence_id": 1, "phrase_id": 1, "key": "start-1",
    "code": "NOSUCHCODE", "purpose": "reset", "act": "open",
    "post_id": 1, "version": 1,
}  # fmt: skip


ELSEWHERE = {
    "/static/<path:name>": "/static/css/site.css",
    # Report 2 is Ana's certificate.
    **{f"/prints/<int:report_id>{part}": f"/prints/2{part}" for part in ("", "/again", "/pdf", "/state", "/withdraw")},
    # Batch 2 is of purpose 1.
    **{
        f"/decisions/<int:purpose_id>/reports/<int:batch_id>{part}": f"/decisions/1/reports/2{part}"
        for part in ("", "/again", "/cancel", "/state", "/zip")
    },
    # Attempt 5 has file 2, and Ben was asked to watch it.
    **{
        f"/feedback/<int:attempt_id>/{part}": f"/feedback/5/{part}"
        for part in ("observe", "observe/notes", "observe/start", "observer")
    },
    **{
        f"/practice/<int:attempt_id>/files/<int:file_id>{part}": f"/practice/5/files/2{there}"
        for part, there in ({p: p for p in ("", "/content", "/delete", "/finish")} | {"/<int:offset>": "/0"}).items()
    },
    # Answers and plans belong to what both have locked.
    # Answers, plans and re-tries belong to what both have locked.
    "/practice/<int:attempt_id>/retry": "/practice/2/retry",
    "/feedback/<int:attempt_id>/answer": "/feedback/2/answer",
    "/feedback/<int:attempt_id>/useful": "/feedback/2/useful",
    "/feedback/<int:attempt_id>/plan": "/feedback/2/plan",
    "/feedback/<int:attempt_id>/differ/<item>": "/feedback/2/differ/keep",
    "/feedback/<int:attempt_id>/change/<criterion_id>": "/feedback/2/change/interviewing.needs",
    # Two coaches differ on attempt 4.
    **{f"/feedback/<int:attempt_id>/agreed{part}": f"/feedback/4/agreed{part}" for part in ("", "/answer")},
}


def address(rule: str, ana: int) -> str:
    """The rule with values that exist in the world."""
    if rule in ELSEWHERE:
        return ELSEWHERE[rule]

    def value(match: re.Match[str]) -> str:
        return str(VALUES[match[1]]).format(ana=ana)

    return re.sub(r"<(?:[^<>:]+:)?(\w+)>", value, rule)


@pytest.fixture
def world(app, cast):
    """Everything that the addresses point at."""
    with app.app_context():
        loop.submitted(cast)
        filed = loop.started(cast, days_ago=3)
        uploads.add(cast, filed, uploads.TEXT)
        loop.submitted_again(cast, filed)
        loop.released(cast, filed)
        loop.submitted(cast, kind="practice")
        loop.looked_twice(cast)
        loop.contested(cast, 2, "change")
        loop.asked_second(cast, 1, "eva")
        loop.watched(cast, uploads.submitted_with(cast, uploads.TEXT)[0])
        decisions.ready()
        decisions.basis(cast)
        purpose_id = decisions.purpose(cast)
        decisions.released(cast, purpose_id)
        decisions.decided(cast, purpose_id, named={Duty.HR: Named(cast.otto)})
        with transaction() as session:
            settings = app.config["COACHKIT"]
            ana = loop.actor(session, cast.ana)
            reports.issue(session, ana, loop.library(), library_of, settings)
            sheets.issue_certificate(session, ana, loop.library(), library_of, settings)
            batches.start(session, loop.actor(session, cast.ada), 1)
            batches.start_released(session, loop.actor(session, cast.cleo), purpose_id)
            dialogues.start(session, ana, loop.library(), "bd1")
            bank.keep(session, loop.actor(session, cast.ben), loop.library(), "comm.tone", "You lowered your voice.")
            licence.start(session, loop.actor(session, cast.ben), loop.library(), "interviewing")
            talk = conversation.begin(session, ana, cast.ben)
            said = {"situation": "At the desk.", "act": "I asked.", "effect": "She waited.", "witness": "M.K."}
            field_log.write(session, ana, on=clock.today(), plan_id=None, **said)
            sponsor.name(session, ana, called="Olu", email="olu@plant.example")
            conversation.quote(session, ana, talk.id, about="care", source="past", text="I called her back.")
            learning.mark_read(session, ana, loop.library(), "interviewing-for-needs", "key-facts")
        organisation.post(cast)
        organisation.charter(cast)
        calibration.done()
        calibration.run()
    return cast


def let_in(browser, method: str, path: str) -> bool:
    """Whether the door opened: not the sign-in page, not forbidden, not missing. Behind it one may still be refused."""
    sent = {"coach_id": "5", "cohort_id": "1"} if path.startswith("/admin/") else {"skill": "trust", "mails": "each"}
    answer = browser.get(path) if method == "GET" else browser.post(path, **sent)
    if answer.status_code == 303 and answer.location.startswith("/sign-in?next="):
        return False
    return answer.status_code not in {400, 401, 403, 404}


@pytest.mark.one_database
def test_the_table_names_every_route(app):
    for method, table in (("GET", GET), ("POST", POST)):
        routes = {str(rule) for rule in app.url_map.iter_rules() if method in rule.methods}
        assert routes == set(table)


@pytest.mark.parametrize("who", PEOPLE_IN_ORDER)
def test_each_person_is_let_in_where_the_table_says_so_and_nowhere_else(app, world, browse, who):
    browser = browse(None if who == "nobody" else who)
    last = {
        "/conversations/<int:conversation_id>/delete",
        "/sign-out",
        "/account/end-others",
        "/decisions/<int:purpose_id>/close",
    }
    ordered = sorted(POST, key=lambda rule: rule in last)

    found = {("GET", rule): let_in(browser, "GET", address(rule, world.ana)) for rule in sorted(GET)}
    for rule in ordered:
        found["POST", rule] = let_in(browser, "POST", address(rule, world.ana))

    wanted = {("GET", rule): who in people for rule, people in GET.items()}
    wanted |= {("POST", rule): who in people for rule, people in POST.items()}
    assert {key: value for key, value in found.items() if value != wanted[key]} == {}


REVEALED = {
    "/feedback/2/reveal": ANA | BEN,
    "/practice/2": ANA,
    "/practice/3": ANA,
    "/feedback/3": NOBODY,
    "/feedback/3/reveal": NOBODY,
}


@pytest.mark.parametrize("who", PEOPLE_IN_ORDER)
def test_a_reveal_is_for_two_and_practice_for_one(world, browse, who):
    browser = browse(None if who == "nobody" else who)

    found = {path for path in REVEALED if let_in(browser, "GET", path)}

    assert found == {path for path, people in REVEALED.items() if who in people}


@pytest.mark.parametrize(
    "path", ["/practice/{}", "/feedback/{}/reveal", "/report/{}", "/decisions/1/people/{}", "/decisions/{}"]
)
def test_what_is_forbidden_looks_exactly_like_what_is_missing(world, browse, path):
    eva = browse("eva")

    def seen(number: int) -> tuple[int, str, list[tuple[str, str]]]:
        answer = eva.get(path.format(number))
        text = re.sub(r'value="[^"]+"', "", answer.text)
        text = re.sub(r"Reference \w+", "", text)
        return answer.status_code, text, [h for h in answer.headers if h[0] not in {"Date", "Set-Cookie"}]

    assert seen(1) == seen(987654)
