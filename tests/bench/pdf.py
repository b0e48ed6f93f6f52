"""`python -m tests.bench.pdf`: our report beside the reference renderer, interleaved, at equal amounts of content.

The reference (`render_reference.py`) lies outside the project; its folder is given by `COACHKIT_PDF_REFERENCE`, or
stands beside the checkout in `shared/design/report`. Both sides make their markup from their object, lay it out, and
write PDF/A-3a and PDF/UA-1 in one file with the figures attached. Times are processor time of this one process, warm.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import importlib
import json
import os
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from coachkit.domain.report.progress import FairAverage, FieldEntry, Measures, Plan, ProgressReport
from coachkit.features.reports.document import report_job
from coachkit.platform.pdf.engine import Engine
from coachkit.platform.templates import make_environment
from tests.factories.reports import report

ROOT = Path(__file__).parents[2]
REFERENCE = Path(os.environ.get("COACHKIT_PDF_REFERENCE") or ROOT.parent / "shared" / "design" / "report")
SVG = "{http://www.w3.org/2000/svg}svg"
ROUNDS = 10


def counts(markup: str) -> dict[str, int]:
    """Words, table rows, charts, and for information cells, elements and path segments, of a document's body."""
    found = dict.fromkeys(("words", "rows", "charts", "cells", "elements", "strokes"), 0)

    def walk(element: ET.Element, *, drawing: bool) -> None:
        drawing = drawing or element.tag == SVG
        found["elements"] += 1
        found["charts"] += element.tag == SVG
        found["rows"] += element.tag == "tr"
        found["cells"] += element.tag in {"td", "th"}
        found["strokes"] += element.get("d", "").count("M") if drawing else 0
        found["words"] += 0 if drawing else len((element.text or "").split())
        for child in element:
            walk(child, drawing=drawing)
            found["words"] += 0 if drawing else len((child.tail or "").split())

    body = ET.fromstring(markup).find("body")
    assert body is not None
    walk(body, drawing=False)
    return found


def brief(shown: ProgressReport, plan: Plan) -> ProgressReport:
    """The report with short sentences, since ours says more than the reference on every page."""
    skills = tuple(
        replace(
            skill,
            strengths=(),
            criteria=tuple(
                replace(
                    line,
                    observations=tuple(
                        replace(seen, evidence="Asked what for, first.", self_evidence="I asked first.")
                        for seen in line.observations
                    ),
                )
                for line in skill.criteria
            ),
        )
        for skill in shown.skills
    )
    return replace(
        shown, skills=skills, focus=replace(shown.focus, plans=(plan, plan)), cannot_tell=shown.cannot_tell[:3]
    )


def twin(wanted: dict[str, int], markup: Callable[[ProgressReport], str]) -> ProgressReport:
    """A report of ours with as many words, rows and charts as wanted."""
    plan = Plan("she names a tool", "ask what for", dt.date(2026, 11, 6), "Rosa")
    entry = FieldEntry(dt.date(2026, 10, 2), "Printer queue.", "Called at noon.", "They planned.", "R. T.")
    unseen = FairAverage("Trust", None, None, None, None, "Too few.")
    seen = FairAverage("Interviewing", 3.1, 2.6, 3.6, 3, "14 ratings")
    base = brief(report("short", 1), plan)

    def lacking(shown: ProgressReport, name: str) -> int:
        return wanted[name] - counts(markup(shown))[name]

    measures = Measures("90 % interval", (unseen,), "Adjusted for coach and difficulty.")
    drawn = replace(base, measures=measures)
    missing = lacking(drawn, "charts")
    drawn = replace(drawn, measures=replace(measures, lines=(unseen,) * 5 + (seen,) * missing))
    rows = lacking(drawn, "rows")
    entries = min(6, rows - 1)
    plans = rows - 1 - entries
    drawn = replace(drawn, field_log=(entry,) * entries, focus=replace(drawn.focus, plans=(plan,) * (2 + plans)))
    words = lacking(replace(drawn, learner_comment="word"), "words") + 1
    return replace(drawn, learner_comment=" ".join(["practice"] * words))


class Sides:
    """The two renderers, warm, in this process."""

    def __init__(self, folder: Path) -> None:
        sys.path.insert(0, str(folder))
        self.reference: Any = importlib.import_module("render_reference")
        self.sample: Any = importlib.import_module("sample_data")
        self.engine = Engine()
        self.templates = make_environment(ROOT / "templates")
        theirs = counts(self.their_markup(0))
        self.ours = twin(theirs, self.our_markup)
        self.counts = {"reference": theirs, "coachkit": counts(self.our_markup(self.ours))}
        for name in ("words", "rows", "charts"):
            if len({side[name] for side in self.counts.values()}) != 1:
                raise SystemExit(f"The {name} differ: {self.counts}")

    def their_markup(self, seed: int) -> str:
        made: str = self.reference.TEMPLATE.render(d=self.sample.make(seed))
        return made

    def our_markup(self, shown: ProgressReport) -> str:
        return report_job(self.templates, shown).html

    def their_pdf(self, seed: int) -> bytes:
        made: bytes = self.reference.build(seed)
        return made

    def our_pdf(self, seed: int) -> bytes:
        return self.engine.render(report_job(self.templates, replace(self.ours, report_id=f"CK-26-{seed:05d}"))).pdf


def processor_time(work: Callable[[int], bytes], seed: int) -> float:
    gc.collect()
    started = time.process_time()
    work(seed)
    return (time.process_time() - started) * 1000


def measure(rounds: int = ROUNDS, folder: Path = REFERENCE) -> dict[str, Any]:
    """Interleaved rounds; the order within a round changes, so that neither side always comes second."""
    if not (folder / "render_reference.py").is_file():
        return {"skipped": "No reference renderer; set COACHKIT_PDF_REFERENCE to its folder."}
    warnings.simplefilter("ignore")
    sides = Sides(folder)
    sides.their_pdf(0)
    sides.our_pdf(0)
    gc.disable()
    theirs, ours = [], []
    for seed in range(rounds):
        for place in (0, 1):
            if (seed + place) % 2:
                ours.append(processor_time(sides.our_pdf, seed))
            else:
                theirs.append(processor_time(sides.their_pdf, seed))
    gc.enable()
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return {
        "counts": sides.counts,
        "reference_ms": round(statistics.median(theirs)),
        "coachkit_ms": round(statistics.median(ours)),
        "ratio": round(statistics.median(ratios), 3),
        "ratio_least_and_most": [round(min(ratios), 3), round(max(ratios), 3)],
        "rounds": rounds,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    print(json.dumps(measure(parser.parse_args().rounds), indent=2))
