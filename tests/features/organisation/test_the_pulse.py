"""The pulse through its pages: five answers or nothing, before and after, and nobody in it."""

from html import unescape

import pytest
from sqlalchemy import select

from coachkit.domain.organisation.pulse import ITEMS
from coachkit.features.organisation.models import Round, RoundLink
from tests.factories.organisation import LINK, answer

pytestmark = pytest.mark.usefixtures("session")


def sheet(level: int, **changed: str) -> dict[str, str]:
    return {**dict.fromkeys(ITEMS, str(level)), "remark": "", **changed}


def asked(app, cleo, ada, sheets, phase="before") -> None:
    """A whole round through its pages."""
    assert cleo.post("/organisation/pulse/begin", phase=phase).status_code == 303
    tokens = LINK.findall(unescape(ada.post("/organisation/pulse/links", business=str(len(sheets))).text))
    for token, filled in zip(tokens, sheets, strict=True):
        answer(app, token, **filled)
    assert cleo.post("/organisation/pulse/close").status_code == 303


def page(browser) -> str:
    return unescape(browser.get("/organisation/pulse").text)


def test_five_answers_are_shown_as_means_and_remarks(app, cast, browse):
    cleo = browse("cleo")
    sheets = [
        sheet(n, remark=text) for n, text in zip((1, 2, 3, 4, 5), ("Zebra", "", "Answer mails", "", ""), strict=True)
    ]
    asked(app, cleo, browse("ada"), sheets)
    found = page(cleo)
    assert "5 answered, closed on" in found
    assert found.count('<td class="us num" data-label="Newest">3.0</td>') == 8
    assert found.index("Answer mails") < found.index("Zebra")


def test_four_answers_are_destroyed_and_not_shown(app, cast, browse, session):
    cleo = browse("cleo")
    asked(app, cleo, browse("ada"), [sheet(4, remark="Nobody may read this.")] * 4)
    found = page(cleo)
    assert "fewer than five, so nothing was kept" in found
    assert "Nobody may read this." not in found
    assert 'class="pt-c"' not in found
    session.rollback()
    row = session.scalars(select(Round)).one()
    assert (row.tally, row.remarks) == ({}, [])


def test_a_sentence_that_fewer_than_five_can_judge_is_not_shown(app, cast, browse):
    cleo = browse("cleo")
    asked(app, cleo, browse("ada"), [sheet(4)] * 4 + [sheet(4, whom="0")])
    assert page(cleo).count("Fewer than five could say.") == 1


def test_nothing_is_visible_while_the_round_is_open(app, cast, browse):
    cleo, ada = browse("cleo"), browse("ada")
    cleo.post("/organisation/pulse/begin", phase="before")
    tokens = LINK.findall(unescape(ada.post("/organisation/pulse/links", business="6").text))
    for token in tokens:
        answer(app, token, **sheet(2, remark="Only later."))
    for who in (cleo, ada):
        found = page(who)
        assert "6 people have answered" in found
        assert "Only later." not in found
        assert "2.0" not in found


def test_before_and_after_are_compared_with_words(app, cast, browse):
    cleo, ada = browse("cleo"), browse("ada")
    asked(app, cleo, ada, [sheet(2)] * 8)
    asked(app, cleo, ada, [sheet(4, whom="2")] * 8, phase="six")
    found = page(cleo)
    assert found.count("It has gone up, by") == 7
    assert found.count("Cannot tell: anything from") == 1
    assert "After six months, beside “before the start”" in found
    assert "nearly one would seem to have moved by chance alone" in found
    programme = unescape(cleo.get("/programme").text)
    assert programme.count("It has gone up, by") == 7


def test_whoever_decides_makes_no_links(cast, browse, session):
    cleo = browse("cleo")
    cleo.post("/organisation/pulse/begin", phase="before")
    assert cleo.post("/organisation/pulse/links", business="5").status_code == 403
    session.rollback()
    assert session.scalars(select(RoundLink)).all() == []


@pytest.mark.parametrize("number", ["0", "301", "", "x"])
def test_a_number_of_links_that_cannot_be_is_refused_with_words(cast, browse, number):
    ada = browse("ada")
    ada.post("/organisation/pulse/begin", phase="before")
    refused = ada.post("/organisation/pulse/links", business=number)
    assert refused.status_code == 422
    assert 'class="errbox"' in refused.text


def test_a_sheet_with_a_gap_keeps_its_remark(app, cast, browse):
    ada = browse("ada")
    ada.post("/organisation/pulse/begin", phase="before")
    token = LINK.findall(unescape(ada.post("/organisation/pulse/links", business="1").text))[0]
    gap = sheet(3, remark="Call me back.")
    del gap["whom"]
    found = answer(app, token, status=422, **gap)
    assert "Call me back." in found.text
    assert "Choose what comes nearest" in found.text
