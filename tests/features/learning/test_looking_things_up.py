"""Glossary, sources and the framework of skills."""

from html import unescape

import pytest

from tests.factories import loop


@pytest.mark.one_database
def test_the_glossary_is_alphabetical_and_its_references_lead_somewhere(browse, session):
    page = unescape(browse("ana").get("/glossary").text)
    terms = sorted((term.term for term in loop.library().terms), key=str.lower)
    positions = [page.index(f"<strong>{term}</strong>") for term in terms]
    assert positions == sorted(positions)
    ids = {term.id for term in loop.library().terms}
    for term in loop.library().terms:
        assert f'<dt id="{term.id}">' in page
        assert set(term.see) <= ids


@pytest.mark.one_database
def test_every_source_says_how_far_it_was_checked(browse, session):
    page = unescape(browse("ana").get("/sources").text)
    for source in loop.library().sources:
        row = page.split(f'<tr id="{source.code}">')[1].split("</tr>")[0]
        assert source.title in row
        words = {"V": "was read", "2": "secondary source"}.get(source.mark, "From memory")
        assert words in row


@pytest.mark.one_database
def test_all_skills_are_listed(browse, session):
    page = unescape(browse("ben").get("/criteria").text)
    for skill in loop.library().skills:
        assert f'href="/criteria/{skill.id}"' in page
        assert skill.name in page


@pytest.mark.one_database
@pytest.mark.parametrize("who", ["ana", "ben", "cleo"])
def test_a_skill_shows_every_level_of_every_criterion(browse, session, who):
    skill = loop.library().skill("interviewing")
    page = unescape(browse(who).get("/criteria/interviewing").text)
    for criterion in skill.criteria:
        for text in criterion.anchors.values():
            assert text in page
    assert 'href="/modules/interviewing-for-needs"' in page
    assert 'href="/practice/scenarios/rp04"' in page
