"""A dossier's file shows by itself whether one byte of it has changed."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coachkit.domain.decision import sealed
from coachkit.domain.decision.snapshot import fingerprint

SEEN = {"skills": [{"id": "trust", "level": 3}], "words": "She waited — “why?”"}
PARTS = [
    {"title": "What was decided", "facts": [["Decision", "Develop"], ["Chance", "80 %"]]},
    {"title": "What was seen", "frozen": SEEN, "fingerprint": fingerprint(SEEN)},
]
FILE = sealed.to_bytes(sealed.seal({"title": "Develop: Ana", "record": 4}, PARTS))


def test_a_file_as_it_was_issued_is_unchanged():
    found = sealed.verify(FILE)
    assert found.unchanged
    assert found.last == json.loads(FILE)["seal"][-1]


def test_every_single_changed_byte_is_found():
    for place in range(len(FILE)):
        for other in {b" ", b"0", b"e", bytes([FILE[place] ^ 1])} - {FILE[place : place + 1]}:
            assert not sealed.verify(FILE[:place] + other + FILE[place + 1 :]).unchanged, place


@settings(max_examples=60)
@given(st.integers(0, len(FILE)), st.binary(max_size=3), st.integers(0, 3))
def test_bytes_put_in_or_taken_out_are_found(place, added, taken):
    changed = FILE[:place] + added + FILE[place + taken :]
    assert sealed.verify(changed).unchanged is (changed == FILE)


def test_it_says_which_part_was_changed():
    found = json.loads(FILE)
    found["parts"][0]["facts"][1][1] = "90 %"
    assert sealed.verify(sealed.to_bytes(found)).sentence == "Changed: What was decided."
    found = json.loads(FILE)
    del found["parts"][0]
    assert "a part is missing" in sealed.verify(sealed.to_bytes(found)).sentence


def test_a_new_chain_over_changed_evidence_does_not_fit_the_record():
    parts = [PARTS[0], {**PARTS[1], "frozen": {**SEEN, "words": "She did not wait."}}]
    found = sealed.verify(sealed.to_bytes(sealed.seal({"title": "Develop: Ana", "record": 4}, parts)))
    assert "What was seen has not the fingerprint" in found.sentence


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff\xfe", b"null", b'{"kind": 1}', b"[" * 5000])
def test_anything_else_is_no_dossier(data):
    assert not sealed.verify(data).unchanged
