"""Rules that hold for every file, so that nobody has to remember them."""

import ast
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from coachkit.app import create_app
from coachkit.domain.assessment.scale import LEVELS
from coachkit.domain.report import wording
from coachkit.platform import jobs, policy
from coachkit.platform.db import Base
from coachkit.platform.policy import Action

PROJECT = Path(__file__).parents[2]
CODE = sorted((PROJECT / "coachkit").rglob("*.py"))
TEMPLATES = sorted((PROJECT / "templates").rglob("*.*"))
ROOMS = sorted(path.parent for path in (PROJECT / "coachkit/features").glob("*/models.py"))
pytestmark = pytest.mark.one_database


def name(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix()


def source(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_every_route_says_who_may_come(app):
    silent = [endpoint for endpoint, view in app.view_functions.items() if not hasattr(view, "__access__")]
    assert silent == []
    for view in app.view_functions.values():
        kind, action = view.__access__
        assert kind in {"public", "needs", "checks"}
        assert (action is None) is (kind == "public")


def test_the_public_routes_are_these(app):
    """A new one is a decision, and changes this list."""
    public = {endpoint for endpoint, view in app.view_functions.items() if view.__access__[0] == "public"}
    assert public == {
        "accounts.first_admin",
        "accounts.reset",
        "accounts.set_password",
        "accounts.sign_in",
        "accounts.sign_out",
        "decisions.duties.come_in",
        "decisions.duties.fulfil_as_guest",
        "decisions.duties.invited",
        "decisions.duties.visit",
        "feedback.sponsor.by_link",
        "feedback.contest.file_outside",
        "feedback.contest.outside",
        "notices.ask_stop",
        "notices.stop",
        "operations.alive",
        "organisation.answer",
        "organisation.answered",
        "organisation.fairness.sheet",
        "reports.check_form",
        "reports.check_number",
        "practice.evidence.partner_asked",
        "practice.evidence.partner_says",
        "practice.partner.answer",
        "practice.partner.card",
        "practice.partner.thanks",
        "practice.partner.words",
        "reports.verify",
        "static_file",
    }


def test_a_page_that_says_nothing_answers_nobody(settings):
    from coachkit.platform.db import db
    from tests.factories.browsing import Browser

    app = create_app(settings)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    answer = Browser(app, "ada").get("/forgotten")
    assert answer.status_code == 404
    assert "secret" not in answer.text
    with app.app_context():
        db.engine.dispose()


def test_a_page_that_forgets_to_ask_what_it_declared_is_not_sent(settings):
    from coachkit.platform.db import db
    from coachkit.web.access import checks
    from tests.factories.browsing import Browser

    app = create_app(settings)
    app.add_url_rule("/forgetful", "forgetful", checks(Action.READ_ATTEMPT)(lambda: "secret"))
    answer = Browser(app, "ada").get("/forgetful")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    with app.app_context():
        db.engine.dispose()


def test_every_action_has_its_rules_and_its_sentence():
    assert set(policy.POLICY) == set(Action)
    assert all(lines and all(lines) for lines in policy.POLICY.values())
    body = next(
        node
        for node in ast.parse(source(PROJECT / "coachkit/platform/policy.py")).body
        if isinstance(node, ast.ClassDef) and node.name == "Action"
    ).body[1:]
    for member, sentence in zip(body[::2], body[1::2], strict=True):
        assert isinstance(member, ast.Assign)
        assert isinstance(sentence, ast.Expr), ast.unparse(member)
        assert sentence.value.value.endswith("."), ast.unparse(member)


def test_every_action_is_used():
    everything = "".join(source(path) for path in CODE if path.name != "policy.py")
    assert [action.name for action in Action if f"Action.{action.name}" not in everything] == []


def test_nobody_who_is_not_signed_in_may_do_anything():
    assert not any(policy.allows(None, action) for action in Action)


def offenders(pattern: str, files: list[Path], *, flags: int = 0) -> list[str]:
    """Every line of these files that matches."""
    return [
        f"{name(path)}: {line.strip()}"
        for path in files
        for line in source(path).splitlines()
        if re.search(pattern, line, flags)
    ]


IN_ROOMS = [path for path in CODE if "features" in path.parts and not path.name.startswith("demo")]
PAGES = [path for path in IN_ROOMS if path.name.endswith("routes.py") or path.parent.name == "routes"]
PLUMBING = [*PAGES, *(path for path in IN_ROOMS if path.name.endswith(("signin.py", "health.py", "jobs.py")))]


def test_services_and_queries_leave_the_end_of_a_transaction_to_their_caller():
    """A job may end its own early, so that others can write meanwhile; a reading page may begin a fresh one."""
    others = [path for path in IN_ROOMS if not path.name.endswith("jobs.py") and path not in PAGES]
    assert offenders(r"\.commit\(", others) == []


def test_a_route_that_changes_something_is_one_transaction():
    for path in PAGES:
        for node in ast.walk(ast.parse(source(path))):
            words = ast.unparse(node) if isinstance(node, ast.FunctionDef) else ""
            posts = any("post" in ast.unparse(d).lower() for d in getattr(node, "decorator_list", ()))
            long_reading = {"publish_content"}  # others may write while it reads a folder
            early = posts and ".commit(" in words and getattr(node, "name", "") not in long_reading
            assert not early, f"{name(path)}: {node.name}"


def test_services_and_queries_work_with_the_session_that_they_are_given():
    assert offenders(r"db\.session", [path for path in IN_ROOMS if path not in PLUMBING]) == []


def test_routes_ask_queries_and_services_and_no_tables():
    assert offenders(r"(?<![.\w])(select|insert|update|delete)\(", PAGES) == []


def test_no_file_is_longer_than_can_be_read():
    assert [name(path) for path in CODE if "versions" not in path.parts and source(path).count("\n") > 500] == []


def test_no_dangerous_calls():
    dangerous = (
        r"\b(pickle\.|yaml\.load\(|(?<![.\w])(eval|exec)\(|shell=True|os\.system\(|md5\(|sha1\(|uuid1|debug=True)"
    )
    assert offenders(dangerous, CODE) == []
    assert offenders(r"text\(f[\"']|execute\(f[\"']", IN_ROOMS) == []


def test_randomness_that_protects_something_comes_from_the_system():
    """`random` is for orders, pauses and invented data, nowhere for a secret."""
    guarded = [path for path in CODE if {"accounts", "web", "platform"} & set(path.parts) and path.name != "db.py"]
    assert offenders(r"^(import random$|from random import)", guarded) == []


class Frame(HTMLParser):
    """What may not stand in a template."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attrs):
        if tag == "style":
            self.found.append("<style>")
        for attribute, value in attrs:
            if attribute == "style" or attribute.startswith("on"):
                self.found.append(f"{tag} {attribute}={value}")
            if attribute in {"href", "action", "src"} and (value or "").startswith("/"):
                self.addresses.append(value)
        if tag == "script" and "src" not in dict(attrs):
            self.found.append("inline script")


def framed(path: Path) -> Frame:
    frame = Frame()
    frame.feed(re.sub(r"\{[#%].*?[#%]\}", " ", source(path), flags=re.DOTALL))
    return frame


def test_templates_have_no_inline_code_and_trust_nothing():
    assert {name(path): framed(path).found for path in TEMPLATES if framed(path).found} == {}
    assert offenders(r"\|\s*safe\b|autoescape false|\|\s*tojson", TEMPLATES) == []


def test_every_page_has_a_title_and_a_heading():
    for path in TEMPLATES:
        text = source(path)
        if 'extends "layout/page.html"' not in text:
            continue
        parts = re.findall(r'{% include "([^"]+)"', text)
        assert "{% block title %}" in text, path
        assert "<h1" in text + "".join(source(PROJECT / "templates" / part) for part in parts), path


def addresses(path: Path) -> list[str]:
    """Addresses of ours in a template, every expression in them replaced by something plausible."""
    found = []
    for raw in re.findall(r'(?:href|action|data-autosave-url)="(/[^"]*?)"', re.sub(r"\{#.*?#\}", "", source(path))):
        address = re.sub(r"\{\{ *'(\w+)' if .*? else '(\w+)' *\}\}", r"\1", raw)
        address = re.sub(r"\{\{.*?\}\}", "1", re.sub(r"\{%.*?%\}", "", address))
        found.append(address.partition("?")[0].partition("#")[0])
    return found


def test_every_address_in_a_template_leads_somewhere(app):
    adapter = app.url_map.bind("localhost")

    def leads(address: str, method: str) -> bool:
        try:
            adapter.match(address, method)
        except RequestRedirect:
            return True
        except HTTPException:
            return False
        return True

    found = [(name(path), address) for path in TEMPLATES for address in addresses(path)]
    assert len(found) > 100
    assert [(path, a) for path, a in found if not (leads(a, "GET") or leads(a, "POST"))] == []


def test_every_job_that_is_asked_for_has_its_handler(app):
    asked = set()
    handlers = Counter()
    for path in CODE:
        asked |= set(re.findall(r'enqueue\(\s*\w+,\s*"([\w.]+)"', source(path)))
        handlers.update(re.findall(r'^@job\("([\w.]+)"', source(path), re.MULTILINE))
    assert asked
    assert asked <= set(handlers)
    assert set(handlers.values()) == {1}
    assert set(handlers) == {job for job in jobs.HANDLERS if job != "test.work"}


def test_every_table_with_a_person_is_exported_and_erased_by_some_room():
    import importlib

    covered: dict[str, set[str]] = {}
    for room in (PROJECT / "coachkit/features").glob("*/privacy.py"):
        module = importlib.import_module(f"coachkit.features.{room.parent.name}.privacy")
        for table, columns in module.TABLES.items():
            assert table not in covered, table
            covered[table] = set(columns)
        assert callable(module.export_person)
        assert callable(module.erase_person)
    for table in Base.metadata.sorted_tables:
        people = {key.parent.name for key in table.foreign_keys if key.column.table.name == "person"}
        assert people <= covered.get(table.name, set()), table.name


def test_the_levels_have_the_same_names_everywhere():
    drawn = re.search(r"\{% set LEVELS = (\(.*?\)) %\}", source(PROJECT / "templates/macros/charts.html"))
    names = tuple(LEVELS.values())
    assert ast.literal_eval(drawn[1]) == names
    assert wording.LEVEL_NAMES == LEVELS
    for template in TEMPLATES:
        for level, word in re.findall(r"\((\d), \"([^\"]+)\"\)", source(template)):
            assert LEVELS[int(level)] == word, template


def test_nothing_of_this_machine_stands_in_the_project():
    for path in (*CODE, *TEMPLATES, *sorted((PROJECT / "tests").rglob("*.py"))):
        if path == Path(__file__):
            continue
        assert not re.search(r"/(?:work|root)/\w", source(path)), name(path)
