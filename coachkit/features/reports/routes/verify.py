"""The page on which a paper or a file can be checked, by anybody who has it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.features.accounts.signin import slow_down_guessing
from coachkit.features.reports import queries
from coachkit.features.reports.routes.frame import room
from coachkit.platform.db import db
from coachkit.web.access import public


@room.get("/v")
@public
def check_form() -> ResponseReturnValue:
    """For whoever has the paper and no camera. Says of no number whether it exists."""
    number, code = (" ".join(request.args.get(name, "").split()) for name in ("number", "code"))
    if number and code and "/" not in number + code:
        return redirect(url_for("reports.verify", number=number, code=code), 303)
    return render_template("reports/check_form.html", number=number, asked=bool(number or code))


@room.get("/v/<number>")
@public
def check_number(number: str) -> ResponseReturnValue:
    return redirect(url_for("reports.check_form", number=number), 303)


@room.get("/v/<number>/<code>")
@public
def verify(number: str, code: str) -> ResponseReturnValue:
    slow_down_guessing("report-code", failed=False)
    found = queries.check(db.session(), number.upper(), queries.plain_code(code))
    if found is None:
        slow_down_guessing("report-code", failed=True)
    return render_template("reports/verify.html", check=found), 200 if found else 404
