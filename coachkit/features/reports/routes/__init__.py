"""The room's pages: one's own report, prints, a cohort's reports, released editions, and the check of a paper."""

from coachkit.features.reports.routes import cohorts, dossiers, own, prints, purposes, verify
from coachkit.features.reports.routes.frame import room

__all__ = ["cohorts", "dossiers", "own", "prints", "purposes", "room", "verify"]
