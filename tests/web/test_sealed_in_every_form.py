"""What is sealed, given back or practice stands in no page, JSON, file, mail, search or export for anybody whom it is
not for: every route is asked by everybody, and every PDF is taken apart.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest
from sqlalchemy import select

from coachkit.domain.assessment.scale import Level
from coachkit.domain.assessment.sheet import Line
from coachkit.features.accounts.queries import learner_case
from coachkit.features.decisions import dossier
from coachkit.features.decisions.dossier import Audience
from coachkit.features.decisions.models import DecisionRecord
from coachkit.features.feedback import returning, second
from coachkit.features.feedback import service as feedback
from coachkit.features.feedback.comments import service as comments
from coachkit.features.feedback.desk import private_notes
from coachkit.features.feedback.service import PartText
from coachkit.features.practice.models import Attempt
from coachkit.features.practice.partner import service as partner
from coachkit.features.reports import batches, dossiers, programme, sheets
from coachkit.features.reports import service as reports
from coachkit.features.reports.kinds import KINDS
from coachkit.features.reports.models import Report
from coachkit.platform import pdf
from coachkit.platform.db import transaction
from coachkit.web.library import library_of
from tests.factories import decisions, loop
from tests.factories.mails import sent
from tests.factories.pdf_text import everything_in
from tests.factories.routes import paths

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.skipif(not pdf.status().ready, reason="needs Pango"),
]
OPEN = {"zqopensaid", "zqopenown", "zqopenseen", "zqopencomment"}
SEALED = {"zqsaid", "zqown", "zqdraft", "zqnote", "zqremark", "zqsecond", "zqprivate", "zqfelt"}
BACK = {"zqbacksaid", "zqbackown", "zqbackdraft", "zqbacknote", "zqbackremark", "zqbackwhy"}
PRACTICE = {"zqalonesaid", "zqaloneown", "zqwithsaid", "zqwithown", "zqwithdraft", "zqwithnote", "zqwithremark",
            "zqagainsaid", "zqagainown", "zqagaindraft", "zqagainnote", "zqagainremark", "zqagainwhy"}  # fmt: skip
ALL = OPEN | SEALED | BACK | PRACTICE
READS = {
    "ana": OPEN | {"zqsaid", "zqown", "zqbacksaid", "zqbackown", "zqbackwhy"}
    | {"zqalonesaid", "zqaloneown", "zqwithsaid", "zqwithown", "zqagainsaid", "zqagainown", "zqagainwhy"},
    "ben": OPEN - {"zqopencomment"} | {"zqsaid", "zqdraft", "zqnote", "zqremark", "zqprivate"}
    | {"zqwithsaid", "zqwithdraft", "zqwithnote", "zqwithremark"},
    "mia": {"zqsaid", "zqsecond"},
    "cleo": {"zqopenseen"},
}  # fmt: skip
"""Everybody else reads nothing."""
FORMS = {
    "ana": {"zqopenown", "zqopenseen", "zqopencomment"},
    "ben": {"zqopenown", "zqopenseen"},
    "cleo": {"zqopenseen"},
}
"""What stands in the files of each: that they hold what they should shows that they are read."""


def sealed(cast, said: str, own: str, **more: object) -> int:
    """An attempt that waits, with the learner's words in everything of hers."""
    return loop.submitted(cast, evidence=f"{said} was said.", own=own, cue=f"{own} cue", act="ask", **more)


def draft(cast, attempt_id: int, words: str) -> None:
    """Ben has begun: a rating, a note, and a comment on a passage."""
    note = {"keep": PartText(*[f"{words}note."] * 3)}
    with transaction() as session:
        ben, books = loop.actor(session, cast.ben), loop.library()
        lines = {c: Line(Level(3), f"{words}draft for {c}.") for c in loop.scenario().criteria}
        feedback.save_draft(session, ben, books, attempt_id, lines, note, version=0)
        place = comments.Draft(loop.scenario().criteria[0], passage="1", excerpt="was said", text=f"{words}remark.")
        comments.comment(session, ben, books, attempt_id, place)


def given_back(cast, attempt_id: int, why: str) -> None:
    with transaction() as session:
        returning.give_back(session, loop.actor(session, cast.ben), attempt_id, why)


@pytest.fixture
def world(app, cast):
    """One attempt seen by both, one sealed, two given back, practice alone and together; and every kind of paper."""
    with app.app_context():
        loop.revealed(cast, days_ago=3, evidence="Zqopensaid.", own="Zqopenown", seen="Zqopenseen")
        waits = sealed(cast, "Zqsaid", "Zqown")
        loop.asked_second(cast, waits, "mia")
        draft(cast, waits, "Zq")
        returned = sealed(cast, "Zqbacksaid", "Zqbackown")
        draft(cast, returned, "Zqback")
        given_back(cast, returned, "Zqbackwhy: too thin to rate.")
        sealed(cast, "Zqalonesaid", "Zqaloneown", kind="practice")
        together = sealed(cast, "Zqwithsaid", "Zqwithown", kind="practice", coach="ben")
        draft(cast, together, "Zqwith")
        again = sealed(cast, "Zqagainsaid", "Zqagainown", kind="practice", coach="ben")
        draft(cast, again, "Zqagain")
        given_back(cast, again, "Zqagainwhy: another case.")
        with transaction() as session:
            ana, books = loop.actor(session, cast.ana), loop.library()
            lines = {c: Line(Level(4), f"Zqsecond for {c}.") for c in loop.scenario().criteria}
            second.save_draft(session, loop.actor(session, cast.mia), books, waits, lines, version=0)
            private_notes.keep(session, loop.actor(session, cast.ben), cast.ana, "Zqprivate: thin.", version=0)
            asked = partner.invite(
                session, ana, waits, name="Rosa", email="rosa@plant.example", coach_id=None, times=[]
            )
            partner.say(session, partner.Guest(asked, session.get_one(Attempt, waits)), felt="Zqfelt.", noticed="")
        papers(app, cast)
    sent(app)  # makes all of them
    return cast


def papers(app, cast) -> None:
    """Every kind of PDF that there is, asked for by whoever may."""
    purpose_id = decisions.opened(cast)
    record_id = decisions.decided(cast, purpose_id)
    settings, books = app.config["COACHKIT"], loop.library()
    with transaction() as session:
        ana, ben, cleo = (loop.actor(session, cast.ids[who]) for who in ("ana", "ben", "cleo"))
        reports.issue(session, ana, books, library_of, settings, comment="Zqopencomment.")
        reports.issue_released(session, cleo, books, library_of, settings, purpose_id, cast.ana)
        sheets.issue_certificate(session, ana, books, library_of, settings)
        sheets.print_session(session, ben, books, library_of, settings, learner_case(session, cast.ana))
        sheets.print_kit(session, ben, books, settings, "rp04")
        programme.print_programme(session, cleo, books, library_of, settings)
        record = session.get_one(DecisionRecord, record_id)
        for who, audience in ((cleo, Audience.CIO), (ana, Audience.PERSON)):
            found = dossier.build(session, books, record, audience, settings.organisation, forecast=True)
            dossiers.print_dossier(session, who, settings, record, found)
        batches.start(session, loop.actor(session, cast.ada), 1)
        batches.start_released(session, cleo, purpose_id)


def words_of(answer) -> str:
    """All that an answer holds, whatever its form."""
    if answer.mimetype == "application/pdf":
        return everything_in(answer.data)
    if answer.mimetype == "application/zip":
        with zipfile.ZipFile(BytesIO(answer.data)) as whole:
            return "\n".join(everything_in(whole.read(name)) for name in whole.namelist())
    return answer.text


def canaries(text: str) -> set[str]:
    """Those in a text, also where a line was broken or a word divided."""
    squeezed = re.sub(r"[\s\u00ad\u200b-]", "", text.lower())
    return {word for word in ALL if word in squeezed}


def addresses(app) -> list[str]:
    """Every address that a route answers to, with everything that exists in the world."""
    with app.app_context(), transaction() as session:
        numbers = session.scalars(select(Report.id)).all()
        kinds = set(session.scalars(select(Report.kind)).all())
        assert not session.scalars(select(Report.id).where(Report.pdf.is_(None))).all()
    assert kinds == set(KINDS)
    attempts = [
        f"/{room}/{number}{part}"
        for number in range(1, 7)
        for room, part in (
            *(("practice", part) for part in ("", "/rate", "/files", "/partner", "/retry")),
            *(("feedback", part) for part in ("", "/reveal", "/second", "/agreed", "/observe")),
        )
    ]
    files = [f"/{kind}/{number}{part}" for number in numbers for kind in ("report", "prints") for part in ("", "/pdf")]
    searches = [f"/{page}={word}" for page in ("search?q", "admin/people?search") for word in ("zq", "said", "thin")]
    more = [*attempts, *files, *(f"/report/{number}/report.json" for number in numbers), *searches]
    return [p for p in dict.fromkeys((*paths(app), *more)) if not p.startswith(("/static", "/modules/"))]


def read_by(browser, where: list[str]) -> tuple[dict[str, set[str]], set[str]]:
    """Canaries by address, and those that stood in a file."""
    found, filed = {}, set()
    for path in where:
        answer = browser.get(path)
        words = canaries(words_of(answer))
        if words:
            found[path] = words
        if answer.mimetype in {"application/pdf", "application/zip"}:
            filed |= words
    return found, filed


def test_each_reads_what_is_his_in_any_form_and_nothing_else(app, browse, world):
    where = addresses(app)
    for who in ("ana", "ben", "mia", "eva", "dan", "lea", "cleo", "ada", "otto", None):
        found, filed = read_by(browse(who), where)
        allowed = READS.get(who, set())
        leaks = {path: words - allowed for path, words in found.items() if words - allowed}
        assert leaks == {}, who
        assert set().union(*found.values()) == allowed, who
        assert filed == FORMS.get(who, set()), who


def test_no_mail_holds_any_of_it(app, world):
    mails = sent(app)
    assert len(mails) > 3
    for mail in mails:
        assert canaries(f"{mail['Subject']} {mail.get_content()}") == set(), mail["Subject"]
