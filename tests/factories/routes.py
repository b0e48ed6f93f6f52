"""Every page of the application, with ids that exist."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from flask import Flask

from tests.factories.loop import SCENARIO

PLAUSIBLE: dict[str, tuple[object, ...]] = {
    "act": ("close",),
    "attempt_id": (1, 2, 3),
    "batch_id": (1, 2),
    "card_id": ("m02-c1",),
    "conversation_id": (1,),
    "criterion_id": ("comm.expectations",),
    "comment_id": (1,),
    "code": ("7F3K-Q9TM-2XWA",),
    "dialogue_id": ("bd1",),
    "play_id": (1,),
    "deed": ("note",),
    "duty_id": (1,),
    "key": ("start-1", "1"),
    "field": ("hr",),
    "file_id": (1, 2),
    "item_id": ("m02-q1",),
    "learner_id": (1, 2),
    "name": ("css/site.css", "if-then-plan.md"),
    "number": ("CK-2026-00001",),
    "offset": (0,),
    "person_id": (1, 2),
    "plan_id": (1,),
    "purpose": ("invitation", "reset"),
    "purpose_id": (1,),
    "record_id": (1,),
    "reply": ("answer",),
    "report_id": (1,),
    "run_id": (1,),
    "round_id": (1,),
    "sample_id": ("cal-interviewing-1",),
    "scenario_id": (SCENARIO,),
    "skill_id": ("interviewing",),
    "slug": ("how-to-practise",),
    "step_id": ("why-it-matters", "practice", "quiz", "cards"),
    "version": (1,),
    "token": ("a-token-that-nobody-gave-out",),
}


def paths(app: Flask, method: str = "GET") -> Iterator[str]:
    """The address of every route that takes `method`, once for each plausible value of its arguments."""
    with app.test_request_context():
        adapter = app.url_map.bind("127.0.0.1")
        for rule in app.url_map.iter_rules():
            if method not in rule.methods:
                continue
            names = sorted(rule.arguments)
            plausible = [PLAUSIBLE.get(name, (1,) if name.endswith("_id") else ("x",)) for name in names]
            for values in product(*plausible):
                yield adapter.build(rule.endpoint, dict(zip(names, values, strict=True)), method=method)
