"""Somebody looks something up: the same on both databases, marked, and never a word of what only partners may know."""

import re
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from coachkit.domain.content.model import Library, Scenario
from coachkit.platform import schema, search
from coachkit.platform.search import SearchEntry, SearchIndex
from tests.factories import loop
from tests.factories.library import changed_library, tiny_library_files
from tests.factories.shelf import published

SCENARIO = "scenarios/rp01.yaml"
FIND = re.compile(r'<h2><a href="([^"]+)">(.*?)</a></h2>')


@pytest.fixture
def tiny(app):
    return published(app)


def finds(browser, query: str) -> list[str]:
    """Addresses of what a search finds, in order."""
    answer = browser.get("/search", query_string={"q": query})
    assert answer.status_code == 200
    return [address for address, _title in FIND.findall(answer.text)]


def shown(browser, query: str) -> str:
    return browser.get("/search", query_string={"q": query}).text


def test_a_word_leads_to_the_very_part_in_which_it_stands(tiny, browse):
    ana = browse("ana")
    assert finds(ana, "eight quay papers")[0] == "/modules/first-talk/why-it-matters"
    assert "/glossary#need" in finds(ana, "outcome measure")
    assert finds(ana, "museum") == []
    assert "/practice/scenarios/rp01" in finds(ana, "spring")
    assert "/criteria/trust#c-1" in finds(ana, "reliability")


def test_words_in_a_title_come_first(tiny, browse):
    first = [title for _address, title in FIND.findall(shown(browse("ana"), "want need"))][:3]
    assert all(title.count("<mark>") == 2 for title in first), first


def test_other_forms_and_unfinished_words_are_found(tiny, browse):
    ana = browse("ana")
    assert "/practice/scenarios/rp01" in finds(ana, "asking portals")
    assert "/criteria/trust#c-1" in finds(ana, "promises endang")


def test_what_answers_is_marked_and_the_rest_is_plain_text(browse, app):
    said = "What somebody asks for by name."
    published(app, changed_library("glossary.yaml", said, "Ask <script>alert(1)</script> & so on."))
    page = shown(browse("ana"), "script alert")
    assert "&lt;<mark>script</mark>&gt;<mark>alert</mark>(1)" in page
    assert "<script>alert" not in page


def test_where_no_page_has_all_words_those_with_some_are_shown_and_it_says_so(tiny, browse):
    page = shown(browse("ana"), "portal zebra")
    assert "No page has all these words" in page
    assert FIND.search(page)


def test_nothing_asked_and_nothing_found_have_pages_of_their_own(tiny, browse):
    ana = browse("ana")
    for query in ("", "   ", "?!…", "_"):
        assert "What are you looking for?" in shown(ana, query)
    page = shown(ana, "<zebra>")
    assert "Nothing found for “&lt;zebra&gt;”" in page
    assert 'value="&lt;zebra&gt;"' in page


@pytest.mark.parametrize(
    "query",
    ['"', "'", "a' OR 1=1 --", "NEAR(a b)", "title:portal", "portal*", "por & tal | !x", "(((", "\\", "%", "AND",
     "and or not", "²", "ﬁ", "𝔘", "ß", "a" * 5000, "x " * 300, "\u202e", "日本語", "0", "the of and"],
    ids=str,
)  # fmt: skip
def test_no_question_breaks_it(tiny, browse, query):
    finds(browse("ana"), query)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_no_text_at_all_breaks_it(app, tiny, query):
    from coachkit.features.learning.lookup import search_page
    from coachkit.platform.db import db

    with app.app_context():
        page = search_page(db.session(), loop.library(), query)
        assert len(page.hits) <= search.MOST_FOUND


def hidden(scenario: Scenario) -> list[str]:
    """Everything about a scenario that a learner may not know before he plays."""
    form = scenario.parallel_form
    texts = [scenario.partner_brief.markdown, form.partner_brief.markdown, scenario.critical_moment]
    for each in (scenario, form):
        texts += [*each.wants, *each.fears]
        texts += [t for fact in each.facts for t in (fact.fact, fact.unlock)]
        texts += [t for point in each.turning_points for t in (point.when, point.then)]
    for model in (scenario.model_poor, scenario.model_good):
        texts += [model.outcome, *(line.says for line in model.lines)]
    return [" ".join(line.split()) for text in texts for line in text.splitlines() if len(line.split()) > 6]


def indexed(session) -> str:
    """All that the index holds."""
    rows = session.execute(select(SearchEntry.title, SearchEntry.place, SearchEntry.body)).all()
    return " ".join(" ".join(" ".join(row).split()) for row in rows)


def test_the_index_of_the_shipped_library_holds_nothing_of_what_partners_know(browse, session):
    books: Library = loop.library()
    finds(browse("ana"), "portal")
    held = indexed(session)
    assert len(held) > 100_000
    sections = [text for text in (line for scenario in books.scenarios for line in hidden(scenario)) if text in held]
    assert sections == []


CANARY = "xylograph"
PLACES = [
    ("You are Amara. Eleven ships waited last year.", f"You are Amara. {CANARY} waits."),
    ("wants: [Papers in time]", f"wants: [{CANARY} in time]"),
    ("fears: [Another year of analysis]", f"fears: [{CANARY} of analysis]"),
    ("{fact: Eleven ships waited last year.,", f"{{fact: {CANARY} ships waited.,"),
    ("unlock: asked what late papers lead to}", f"unlock: asked what {CANARY} leads to}}"),
    ("then: She puts the brochure down and talks}", f"then: She puts the {CANARY} down}}"),
    ("critical_moment: The two minutes", f"critical_moment: The {CANARY} minutes"),
    ("outcome: She has said it in her own words.", f"outcome: She has said {CANARY}."),
    ("You are Jonas. Visitors ask where the lift is.", f"You are Jonas. {CANARY} asks."),
    ("then: He counts them with you}", f"then: He counts {CANARY} with you}}"),
]


@pytest.mark.parametrize(("old", "new"), PLACES, ids=[old[:20] for old, _new in PLACES])
def test_a_canary_in_a_partner_s_text_is_found_by_nobody_and_lies_in_no_table(browse, app, session, old, new):
    published(app, changed_library(SCENARIO, old, new))
    for who in ("ana", "ben"):
        assert finds(browse(who), CANARY) == []
    assert finds(browse("ana"), "spring")
    assert CANARY not in indexed(session)


def test_a_canary_where_learners_read_is_found(browse, app):
    """The canary test would see it."""
    published(app, changed_library(SCENARIO, "Find out what she needs.", f"Find out what {CANARY} needs."))
    assert finds(browse("ana"), CANARY) == ["/practice/scenarios/rp01"]


def test_a_new_version_is_found_at_once_and_old_indexes_are_thrown_away(browse, app, session):
    ana = browse("ana")
    for number in range(5):
        word = f"zeppelin{'abcde'[number]}"
        published(app, changed_library(SCENARIO, "Find out what she needs.", f"Find out what {word} needs."))
        assert finds(ana, word) == ["/practice/scenarios/rp01"]
        if number:
            assert finds(ana, f"zeppelin{'abcde'[number - 1]} zzz") == []
    assert session.scalar(select(func.count()).select_from(SearchIndex)) == search.KEEP_VERSIONS
    assert session.scalar(select(func.count(SearchEntry.version.distinct()))) == search.KEEP_VERSIONS


def test_two_first_searches_at_once_make_one_index(app, tiny, session):
    books = loop.library()
    session.commit()
    errors: list[BaseException] = []

    def build() -> None:
        try:
            with app.app_context():
                search.build(books)
        except BaseException as error:  # noqa: BLE001  shown by the assertion below
            errors.append(error)

    threads = [threading.Thread(target=build) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    expected = len(list(search.entries(books)))
    assert session.scalar(select(func.count()).select_from(SearchEntry)) == expected


def test_searching_leaves_the_tables_as_the_models_say(browse, app, tiny):
    finds(browse("ana"), "portal")
    with app.app_context():
        assert schema.differences() == []


def test_a_library_with_little_in_it_can_be_searched(browse, app):
    files = tiny_library_files()
    del files["dialogues/bd1.yaml"]
    published(app, files)
    assert finds(browse("ana"), "portal")


def test_a_stranger_finds_nothing(browse):
    assert browse(None).get("/search?q=portal").status_code == 303
