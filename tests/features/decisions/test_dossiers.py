"""The dossier: one object, drawn as page and file, for the CIO, the person and the auditor."""

import json
import re
from html import unescape

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from coachkit.cli import main
from coachkit.domain.decision import sealed
from coachkit.domain.decision.warning import WARNING
from coachkit.features.decisions import answering, dossier
from coachkit.features.decisions.dossier import Audience
from coachkit.features.decisions.models import DecisionRecord
from coachkit.platform.access_record import AccessRecord
from coachkit.platform.audit import AuditEvent
from coachkit.platform.db import transaction
from tests.factories import decisions as make
from tests.factories.decisions import REPLACE, actor

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def record_id(cast):
    """Cleo would replace Ana, and Ana has answered."""
    make.enough_seen(cast)
    found = make.decided(cast, make.opened(cast), REPLACE, named=make.independent(cast))
    with transaction() as own:
        answering.answer(own, actor(own, cast.ana), found, words="I was heard once, in June.", unwanted=False)
    return found


def base(cast, record_id, audience):
    return {
        Audience.CIO: f"/decisions/1/people/{cast.ana}/decision/{record_id}/dossier",
        Audience.PERSON: f"/purposes/decisions/{record_id}/dossier",
        Audience.AUDITOR: f"/audit/decisions/{record_id}/dossier",
    }[audience]


WHO = {Audience.CIO: "cleo", Audience.PERSON: "ana", Audience.AUDITOR: "otto"}


def shown(page: str) -> str:
    """The words of a page: its tags gone, its spaces one."""
    main_part = page[page.index("<main") : page.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main_part)).split())


def strings(value) -> list[str]:
    """Every string that a reader of the file finds, whatever was frozen for machines left out."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, each in value.items() if key not in {"frozen", "id"} for text in strings(each)]
    return [text for each in value for text in strings(each)] if isinstance(value, list) else []


@pytest.mark.parametrize("audience", list(Audience))
def test_page_and_file_hold_the_same_words_and_numbers(cast, browse, record_id, audience):
    browser = browse(WHO[audience])
    path = base(cast, record_id, audience)
    page = browser.get(path)
    file = browser.get(f"{path}.json")
    assert (page.status_code, file.status_code) == (200, 200)
    found, words = json.loads(file.data), shown(page.text)
    for text in strings(found["parts"]):
        assert " ".join(text.split()) in words, text
    told = " ".join(strings([found["parts"], found["head"], found["seal"]])) + f" {record_id}"
    for number in re.findall(r"\d+(?:[.,]\d+)*", words):
        assert number in told, number
    assert sealed.verify(file.data).unchanged


@pytest.mark.parametrize("audience", list(Audience))
def test_warning_and_limits_are_printed(cast, browse, record_id, audience):
    words = shown(browse(WHO[audience]).get(base(cast, record_id, audience)).text)
    assert WARNING in words
    assert "What this does not show" in words
    assert "They do not show that it was right." in words


def test_cio_and_person_read_the_same_and_the_auditor_only_the_way(cast, session, record_id):
    record = session.get(DecisionRecord, record_id)

    def built(audience):
        return dossier.build(session, make.library(), record, audience, "Tessel", forecast=True)

    cio, person, auditor = (built(audience) for audience in Audience)
    assert cio.parts == person.parts
    told = auditor.to_bytes().decode()
    people = ("Ana", "Cleo", "Otto", "Colin", "Ben", "Mia", "Logistics")
    words = (REPLACE.reasons, REPLACE.work_reason, "She asked", make.COMMENT, "heard once", "80 %", "planning round")
    for each in (*people, *words, "Liaison posts", "In place", "Started"):
        assert each not in told, each
    assert "Waits for the second signature" in told
    assert record.snapshot_hash in told


def test_the_dossier_of_a_cio_is_a_look_and_ends_with_the_release(cast, session, browse, record_id):
    path = base(cast, record_id, Audience.CIO)
    cleo = browse("cleo")
    assert cleo.get(path).status_code == 200
    assert session.scalars(select(AccessRecord.what)).all()[-1] == "opened the dossier of a decision about you"
    make.withdrawn(cast, 1)
    for address in (path, f"{path}.json"):
        assert cleo.get(address).status_code == 404
        assert browse("dan").get(address).status_code == 404


def test_the_command_checks_a_file_without_server_or_database(cast, browse, record_id, tmp_path):
    file = tmp_path / "dossier.json"
    file.write_bytes(browse("ana").get(f"{base(cast, record_id, Audience.PERSON)}.json").data)
    fine = CliRunner().invoke(main, ["dossier", "verify", str(file)])
    assert fine.exit_code == 0, fine.output
    assert "Unchanged since it was issued." in fine.output
    file.write_bytes(file.read_bytes().replace(b"three weeks late", b"three days late"))
    changed = CliRunner().invoke(main, ["dossier", "verify", str(file)])
    assert changed.exit_code == 1
    assert "Changed: What was decided, and why." in changed.output


def test_both_fingerprints_stand_in_the_chain_of_events(cast, session, record_id):
    record = session.get(DecisionRecord, record_id)
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "decision:record")).one()
    told = json.loads(event.detail)
    assert (told["snapshot"], told["record"]) == (record.snapshot_hash, record.record_hash)
    found = dossier.build(session, make.library(), record, Audience.PERSON, "Tessel", forecast=True)
    checks = next(part for part in found.parts if part.id == "checks")
    assert (str(event.seq), event.at, event.action, event.hash) in checks.rows
