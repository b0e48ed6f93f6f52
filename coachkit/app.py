"""The composition root: the one module that knows every room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from coachkit.features.accounts import jobs as _account_jobs  # noqa: F401  registers its handlers
from coachkit.features.accounts import signin
from coachkit.features.accounts.routes import room as accounts
from coachkit.features.calibration import jobs as _calibration_jobs  # noqa: F401  registers its handlers
from coachkit.features.calibration.routes import room as calibration
from coachkit.features.decisions import jobs as _decision_jobs  # noqa: F401  registers its handlers
from coachkit.features.decisions.dossiers.routes import room as dossiers
from coachkit.features.decisions.duty.routes import room as duties
from coachkit.features.decisions.following.routes import room as following
from coachkit.features.decisions.outcome_sharing.routes import room as outcome_sharing
from coachkit.features.decisions.routes import room as decisions
from coachkit.features.feedback import jobs as _feedback_jobs  # noqa: F401  registers its handlers
from coachkit.features.feedback.bank.routes import room as bank
from coachkit.features.feedback.contest import jobs as _contest_jobs  # noqa: F401  registers its handlers
from coachkit.features.feedback.contest.routes import room as contest
from coachkit.features.feedback.conversation import jobs as _conversation_jobs  # noqa: F401  registers its handlers
from coachkit.features.feedback.conversation.routes import room as conversation
from coachkit.features.feedback.desk.routes import room as desk
from coachkit.features.feedback.field_log.routes import room as field_log
from coachkit.features.feedback.observation.routes import room as observation
from coachkit.features.feedback.phrase_routes import room as phrases
from coachkit.features.feedback.returning_routes import room as returning
from coachkit.features.feedback.review_routes import room as comments
from coachkit.features.feedback.routes import room as feedback
from coachkit.features.feedback.second_routes import room as second_looks
from coachkit.features.feedback.sponsor import jobs as _sponsor_jobs  # noqa: F401  registers its handlers
from coachkit.features.feedback.sponsor.routes import room as sponsor
from coachkit.features.home.routes import room as home
from coachkit.features.learning.routes import room as learning
from coachkit.features.licence import jobs as _licence_jobs  # noqa: F401  registers its handlers
from coachkit.features.licence.routes import room as licence
from coachkit.features.notices import jobs as _notice_jobs  # noqa: F401  registers its handlers
from coachkit.features.notices.queries import UNREAD
from coachkit.features.notices.routes import room as notices
from coachkit.features.notices.routes import settle
from coachkit.features.operations.routes import room as operations
from coachkit.features.organisation.fairness.routes import room as fairness
from coachkit.features.organisation.posts.routes import room as posts
from coachkit.features.organisation.pulse.routes import room as pulse
from coachkit.features.organisation.routes import room as organisation
from coachkit.features.practice.adjustments.routes import room as adjustments
from coachkit.features.practice.evidence import jobs as _evidence_jobs  # noqa: F401  registers its handlers
from coachkit.features.practice.evidence.routes import room as evidence
from coachkit.features.practice.partner import jobs as _partner_jobs  # noqa: F401  registers its handlers
from coachkit.features.practice.partner.routes import room as partner
from coachkit.features.practice.retry.routes import room as retry
from coachkit.features.practice.routes import room as practice
from coachkit.features.programme.routes import room as programme
from coachkit.features.reports import jobs as _report_jobs  # noqa: F401  registers its handlers
from coachkit.features.reports.routes import room as reports
from coachkit.features.reports.style import house_style
from coachkit.platform import db as database
from coachkit.platform import files, jobs, mail, pdf, templates
from coachkit.platform.db import db
from coachkit.platform.library import Shelf
from coachkit.platform.policy import Role
from coachkit.platform.settings import Settings, read_settings
from coachkit.platform.tools import Tools
from coachkit.web import access, assets, errors, templating, watching
from coachkit.web.request import Coachkit

if TYPE_CHECKING:
    from flask import Flask

# Corners of a room: their pages count as the room's own.
for corner in (adjustments, evidence, partner, retry):
    practice.register_blueprint(corner)
for corner in (bank, comments, conversation, desk, field_log, observation, sponsor):
    feedback.register_blueprint(corner)
feedback.register_blueprint(second_looks)
feedback.register_blueprint(contest)
feedback.register_blueprint(returning)
feedback.register_blueprint(phrases)
for corner in (outcome_sharing, following, duties, dossiers):
    decisions.register_blueprint(corner)
for corner in (posts, pulse, fairness):
    organisation.register_blueprint(corner)
ROOMS = (
    accounts,
    notices,
    learning,
    practice,
    licence,
    feedback,
    calibration,
    organisation,
    decisions,
    programme,
    reports,
    home,
    operations,
)
MENU = {
    Role.LEARNER: (
        ("Home", "home.home"),
        ("Modules", "learning.modules"),
        ("Practice", "practice.practice"),
        ("My skills", "calibration.my_measures"),
        ("My report", "reports.mine"),
        ("Purposes", "decisions.my_purposes"),
    ),
    Role.COACH: (
        ("Home", "home.home"),
        ("Queue", "feedback.queue"),
        ("My learners", "feedback.learners"),
        ("My licences", "licence.mine"),
        ("Library", "learning.modules"),
    ),
    Role.LEAD_COACH: (
        ("Home", "home.home"),
        ("Coaches", "feedback.desk.coaches"),
        ("Licences", "licence.coaches"),
        ("Calibration", "calibration.calibration"),
        ("Library", "learning.modules"),
    ),
    Role.CIO: (
        ("Home", "home.home"),
        ("Readiness", "organisation.readiness"),
        ("Organisation", "organisation.posts.organisation"),
        ("Programme", "programme.programme"),
        ("Decisions", "decisions.purposes"),
    ),
    Role.ADMIN: (
        ("Home", "home.home"),
        ("People", "accounts.people"),
        ("Cohorts", "accounts.cohorts"),
        ("Licences", "licence.coaches"),
        ("Readiness", "organisation.readiness"),
        ("Organisation", "organisation.posts.organisation"),
        ("Basis", "decisions.basis"),
        ("Library", "operations.content_page"),
        ("Health", "operations.health_page"),
        ("Audit", "operations.audit_page"),
    ),
    Role.AUDITOR: (
        ("Home", "home.home"),
        ("Audit", "operations.audit_page"),
        ("Decision records", "decisions.dossiers.audited"),
    ),
}


def menu(settings: Settings) -> templating.Menu:
    """The pages of this house: where measures are off, those that show them are not there."""
    hidden = "" if settings.measuring else f"{calibration.name}."
    return {
        role: tuple(page for page in pages if not hidden or not page[1].startswith(hidden))
        for role, pages in MENU.items()
    }


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from its settings."""
    settings = settings or read_settings()
    app = Coachkit(
        __name__,
        template_folder=str(settings.templates),
        static_folder=None,
        instance_path=str(settings.instance),
    )
    app.config.update(
        COACHKIT=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings),
        SESSION_COOKIE_NAME="__Host-coachkit" if settings.secure else "coachkit",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_MEMORY_SIZE=256 * 1024,
        MAX_FORM_PARTS=400,
        TRUSTED_HOSTS=_hosts(settings),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.behind_proxy, x_proto=settings.behind_proxy)  # type: ignore[method-assign]
    db.init_app(app)
    with app.app_context():
        database.watch_engine(db.engine, settings)
    app.extensions["coachkit_shelf"] = Shelf(settings.library_check_seconds)
    house_style(settings)  # a logo or colour that cannot be printed is said at the start
    app.extensions["coachkit_tools"] = Tools(
        settings,
        mail.make_mailer(settings),
        templates.make_environment(settings.templates),
        pdf.PdfRenderer(own_fonts=settings.report_fonts),
        pdf.make_signer(settings.signing_file, settings.signing_passphrase),
        files.make_store(settings),
    )
    access.guard(app)
    assets.set_up(app, settings)
    CSRFProtect(app).exempt("coachkit.features.notices.routes.stop")  # see there
    signin.watch(app, settings, unread=UNREAD)
    app.when_done.append(settle)
    errors.set_up(app)
    templating.set_up(app, settings, menu(settings))
    for room in ROOMS:
        app.register_blueprint(room)
    if settings.watch:
        watching.set_up(app, settings)
    return app


def with_queue(app: Flask) -> jobs.Queue:
    """Attach the job queue; serving and working processes do, commands and tests need not."""
    return jobs.Queue(app, app.config["COACHKIT"])


def _hosts(settings: Settings) -> list[str]:
    own = settings.base_url.split("://", 1)[-1].split("/", 1)[0].rsplit(":", 1)[0]
    return sorted({own, "127.0.0.1", "localhost", *settings.trusted_hosts})
