"""What the product is measured against: a bare Flask answer, and the same page without its data.

`raw` answers five bytes. `template` renders the module page with the shipped layout from a frozen page object: no
user, no database, no token. Both verify the session cookie of the request, as any signed-in page must.
"""

from __future__ import annotations

import os
import pickle
from pathlib import Path

from flask import Flask, render_template, session

from coachkit.platform.settings import read_settings
from coachkit.platform.templates import FILTERS
from coachkit.web.assets import STATIC, Assets

settings = read_settings()
app = Flask("anchors", template_folder=str(settings.templates))
app.config["SECRET_KEY"] = settings.secret_key
app.config["SESSION_COOKIE_NAME"] = "coachkit"
app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
app.jinja_env.filters.update(FILTERS)
app.jinja_env.globals["static_url"] = Assets(STATIC).url
app.jinja_env.globals["csrf_token"] = lambda: "token"
app.jinja_env.globals["new_key"] = lambda: "key"
_frozen = Path(os.environ["COACHKIT_BENCH_PAGE"])
page, shell = pickle.loads(_frozen.read_bytes()) if _frozen.exists() else (None, None)


@app.get("/raw")
def raw() -> str:
    session.get("sid")
    return "hello"


@app.get("/template")
def template() -> str:
    session.get("sid")
    return render_template("learning/step.html", page=page, problem={}, shell=shell)
