"""Every page of the shipped library answers, and no link on any of them leads nowhere."""

from __future__ import annotations

import re
from html import unescape

import pytest

from coachkit.platform.db import db

LINK = re.compile(r'<a [^>]*href="([^"]+)"')
STARTS = ("/modules", "/criteria", "/glossary", "/sources", "/practice")


@pytest.mark.one_database
def test_a_reader_can_follow_every_link_of_the_library(browse):
    ana = browse("ana")
    waiting, seen, dead = list(STARTS), set(STARTS), []
    anchors: dict[str, set[str]] = {}
    wanted: list[tuple[str, str, str]] = []
    while waiting:
        path = waiting.pop()
        answer = ana.get(path, follow_redirects=True)
        if answer.status_code != 200:
            dead.append((path, answer.status_code))
            continue
        if "text/html" not in answer.headers["Content-Type"]:
            continue
        page = answer.text
        anchors[path] = set(re.findall(r' id="([^"]+)"', page))
        for href in map(unescape, LINK.findall(page)):
            target, _, anchor = href.partition("#")
            target = target or path
            if not target.startswith("/") or target.startswith(("/account", "/report", "/purposes")):
                continue
            if anchor:
                wanted.append((path, target, anchor))
            if target not in seen:
                seen.add(target)
                waiting.append(target)

    assert dead == []
    assert [w for w in wanted if w[1] in anchors and w[2] not in anchors[w[1]]] == []
    assert len(seen) > 200


@pytest.mark.one_database
def test_no_page_of_the_library_shows_markup_as_text(browse, app):
    ana = browse("ana")
    with app.app_context():
        library = app.extensions["coachkit_shelf"].current(db.session())
    for module in library.modules:
        for section in module.sections:
            page = ana.get(f"/modules/{module.slug}/{section.id}").text
            assert "&lt;p&gt;" not in page, (module.slug, section.id)
            assert ":::" not in page, (module.slug, section.id)
            assert "[[" not in page, (module.slug, section.id)
            assert "[@" not in page, (module.slug, section.id)
