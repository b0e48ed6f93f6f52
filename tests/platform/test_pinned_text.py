"""Whatever authors do to the library, every attempt goes on showing exactly the text that was seen when it began."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from coachkit.app import create_app
from coachkit.features.learning import service as learning
from coachkit.features.learning.models import QuizAnswer
from coachkit.features.practice import service as practice
from coachkit.platform import library
from coachkit.platform.db import db, transaction
from coachkit.platform.library import LibrarySnapshot
from tests.factories.browsing import Browser
from tests.factories.library import tiny_library_files, written
from tests.factories.loop import actor

Files = dict[str, bytes]
TOKENS = re.compile(r'(name="(?:csrf_token|idempotency_key)" value=")[^"]+')
SCENARIO = re.compile(r"scenarios/(\w+)\.yaml")
EDITS = [
    (r"scenarios/\w+\.yaml", r"You have \w+ minutes", "You have {n} minutes"),
    (r"scenarios/\w+\.yaml", r"title: (Wants|Plan).*", "title: Plan {n}"),
    (r"scenarios/\w+\.yaml", r"\w+ ships waited last year\.\n", "{n} ships waited last year.\n"),
    (r"scenarios/\w+\.yaml", r"Jonas Weber has asked for .*", "Jonas Weber has asked for {n} robots."),
    (r"scenarios/\w+\.yaml", r"difficulty: \d", "difficulty: {digit}"),
    (r"criteria/interviewing\.yaml", r"1: Takes .*", "1: Takes what number {n} says."),
    (r"criteria/trust\.yaml", r"name: Rel.*", "name: Reliability {n}"),
    (r"criteria/trust\.yaml", r"5: As 4, and keeps .*", "5: As 4, and keeps {n} promises."),
    (r"criteria/interviewing\.yaml", r"name: Interviewing.*", "name: Interviewing {n}"),
    (r"glossary\.yaml", r"meaning: The outcome.*", "meaning: The outcome {n}."),
    (r"library\.yaml", r"name: Harbour.*", "name: Harbour {n}"),
    (r"modules/first-talk/quiz\.yaml", r"Request 1.*: s", "Request 1, case {n}: s"),
    (r"modules/first-talk/module\.md", r"has a ship.*papers\.", "has a ship and {n} papers."),
]


def edited(files: Files, which: int, number: int) -> Files:
    """One passage in new words."""
    place, old, new = EDITS[which]
    new = new.format(n=number, digit=1 + number % 5)
    return {
        path: re.sub(old, new, data.decode(), count=1).encode() if re.fullmatch(place, path) else data
        for path, data in files.items()
    }


def renamed(files: Files, old: str, new: str) -> Files:
    """Another id wherever the old one stands, file names included."""
    return {
        re.sub(rf"\b{old}\b", new, path): re.sub(rf"\b{re.escape(old)}\b", new, data.decode()).encode()
        for path, data in files.items()
    }


def without_scenarios(files: Files) -> Files:
    return {path: data for path, data in files.items() if not path.startswith(("scenarios/", "dialogues/", "calib"))}


AUTHORS = st.one_of(
    st.tuples(st.just("edit"), st.integers(0, len(EDITS) - 1)),
    st.tuples(st.sampled_from(["rename", "criterion", "delete", "module", "restore", "back"]), st.just(0)),
)
STEPS = st.lists(st.one_of(AUTHORS, AUTHORS, st.tuples(st.just("learner"), st.integers(0, 1))), min_size=3, max_size=9)


class World:
    """One instance in which authors and a learner take turns."""

    def __init__(self, app, cast, folder):
        self.app, self.cast, self.folder = app, cast, folder
        self.files = tiny_library_files()
        self.ana = Browser(app, "ana")
        self.seen: dict[int, str] = {}
        self.asked: dict[int, str] = {}
        self.editions = 0
        self.publish()

    def publish(self) -> None:
        self.editions += 1
        target = written(self.files, self.folder / f"edition-{self.editions}")
        with self.app.app_context(), transaction() as session:
            loaded = library.publish(session, target)
            assert loaded.library is not None, [str(problem) for problem in loaded.errors]

    def author(self, what: str, which: int) -> None:
        self.editions += 1
        scenario = next((match[1] for match in map(SCENARIO.fullmatch, self.files) if match), "")
        if what == "edit":
            self.files = edited(self.files, which, self.editions)
        elif what == "rename" and scenario:
            self.files = renamed(self.files, scenario, f"rp{self.editions}")
        elif what == "criterion":
            name = re.search(r"interviewing\.(needs\d*)", self.files["criteria/interviewing.yaml"].decode())[1]
            self.files = renamed(self.files, f"interviewing.{name}", f"interviewing.needs{self.editions}")
        elif what == "delete":
            self.files = without_scenarios(self.files)
        elif what == "module":
            self.files = {path: data for path, data in self.files.items() if not path.startswith("modules/")}
        elif what == "restore":
            self.files = tiny_library_files()
        elif what == "back":
            self.go_back()
            return
        self.publish()

    def go_back(self) -> None:
        with self.app.app_context(), transaction() as session:
            oldest = [each.version for each in library.versions(session) if each.title == "The tiny programme"][-1]
            library.switch(session, oldest)

    def learner(self, parallel: bool) -> None:
        with self.app.app_context(), transaction() as session:
            books = library.Shelf(0).current(session)
            me = actor(session, self.cast.ana)
            scenario = next((each.id for each in books.scenarios), None)
            attempt = scenario and practice.start(session, me, books, scenario, kind="official", parallel=parallel).id
            if books.modules:
                item = books.module("m01").quiz[0]
                option = item.options[0]
                answer = learning.answer(session, me, books, "first-talk", item.id, option.id).id
                self.asked[answer] = f"{item.stem} {option.text} {option.feedback}"
        if attempt:
            self.seen[attempt] = self.page(attempt)
            assert "You have" in self.seen[attempt] or parallel

    def page(self, attempt_id: int) -> str:
        answer = self.ana.get(f"/practice/{attempt_id}")
        assert answer.status_code == 200
        return TOKENS.sub(r"\1", answer.text.split("<main")[1].split("</main>")[0])

    def check(self) -> None:
        """With nothing in memory; from the stored readings, and from the files alone."""
        for without_readings in (False, True):
            if without_readings:
                with self.app.app_context(), transaction() as session:
                    session.execute(update(LibrarySnapshot).values(reading=None))
            self.app.extensions["coachkit_shelf"]._books.clear()
            for attempt_id, text in self.seen.items():
                assert self.page(attempt_id) == text
        with self.app.app_context():
            for row in db.session.scalars(select(QuizAnswer).where(QuizAnswer.id.in_(self.asked))):
                item = library.Shelf(0).version(db.session(), row.library_version).quiz_item(row.item_id)
                option = item.option(row.option_id)
                assert f"{item.stem} {option.text} {option.feedback}" == self.asked[row.id]
            db.session.remove()


@pytest.fixture
def app(settings):
    application = create_app(replace(settings, library_check_seconds=0))
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.slow
def test_any_edit_rename_or_deletion_leaves_every_attempt_as_it_was_seen(app, cast, tmp_path_factory):
    @settings(deadline=None, max_examples=6, suppress_health_check=list(HealthCheck))
    @given(STEPS)
    def story(steps):
        world = World(app, cast, tmp_path_factory.mktemp("editions"))
        world.learner(parallel=False)
        for what, which in steps:
            if what == "learner":
                world.learner(parallel=bool(which))
            else:
                world.author(what, which)
        world.check()

    story()


def test_the_comparison_notices_one_changed_word(app, cast, tmp_path):
    world = World(app, cast, tmp_path)
    world.learner(parallel=False)
    (attempt_id,) = world.seen
    world.seen[attempt_id] = world.seen[attempt_id].replace("minutes", "hours", 1)
    with pytest.raises(AssertionError):
        world.check()
