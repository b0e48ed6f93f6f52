"""A decision's dossier on paper: what the decisions room has built for one reader, with a number and a code."""

from __future__ import annotations

from sqlalchemy.orm import Session

from coachkit.domain.report.papers import DecisionDossier, Fact, Row, Section
from coachkit.features.decisions.dossier import Audience, Dossier, Part
from coachkit.features.decisions.models import DecisionRecord
from coachkit.features.reports.kinds import DOSSIER
from coachkit.features.reports.models import Report
from coachkit.features.reports.service import keep, new_number
from coachkit.platform import clock, jobs
from coachkit.platform.policy import Actor
from coachkit.platform.settings import Settings


def on_paper(found: Dossier, settings: Settings, *, number: str, code: str) -> DecisionDossier:
    """The same facts and tables; what is kept for machines is named by its fingerprint."""
    return DecisionDossier(
        report_id=number,
        verification_code=code,
        verify_url=f"{settings.base_url}/v/{number}/{code}",
        issued_at=clock.now().replace(microsecond=0),
        organisation=found.organisation,
        title=found.title,
        for_whom=f"Built for {found.audience.word} on {found.built_at}, from record {found.record_id}.",
        warning=found.warning,
        limits=found.limits,
        sections=tuple(_section(part) for part in found.parts),
        seal=found.seal,
    )


def _section(part: Part) -> Section:
    facts = [Fact(label, text) for label, text in part.facts]
    if part.fingerprint:
        facts.append(Fact("Fingerprint", part.fingerprint))
    return Section(part.title, tuple(facts), part.columns, tuple(Row(row) for row in part.rows), part.note)


def print_dossier(session: Session, actor: Actor, settings: Settings, record: DecisionRecord, found: Dossier) -> Report:
    """Keep it and ask for its PDF. The viewer's edition answers him as long as the person's release holds."""
    number, code = new_number(session)
    of_somebody = found.audience is Audience.CIO
    report = keep(
        session,
        actor,
        kind=DOSSIER,
        document=on_paper(found, settings, number=number, code=code),
        person_id=actor.id,
        about_id=record.person_id if of_somebody else None,
        purpose_id=record.purpose_id if of_somebody else None,
    )
    jobs.enqueue(session, "reports.render", report_id=report.id)
    return report
