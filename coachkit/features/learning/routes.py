"""Modules, their quizzes and cards, the glossary, the sources and the competency framework."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coachkit.domain.content.model import Module
from coachkit.features.accounts.queries import person_view
from coachkit.features.learning import ideas as beliefs
from coachkit.features.learning import lookup, queries, recall, service
from coachkit.features.learning import notes as own_notes
from coachkit.features.learning import test_out as quiz_first
from coachkit.features.learning.forms import NoteForm
from coachkit.platform import clock
from coachkit.platform.db import db
from coachkit.platform.errors import ConflictError, InvalidError, NotFoundError
from coachkit.platform.policy import Action
from coachkit.web.access import needs, the_actor
from coachkit.web.errors import roll_back
from coachkit.web.library import current_library, library_of
from coachkit.web.page_cache import PageCache
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("learning", __name__)
cache = PageCache()


@room.get("/modules")
@needs(Action.READ_LIBRARY)
def modules() -> ResponseReturnValue:
    me = person_view(db.session(), the_actor().id)
    track = me.track if me else "it"
    page = queries.modules_page(db.session(), current_library(), the_actor().id, track)
    return render_template("learning/modules.html", page=page)


def _module(slug: str) -> Module:
    try:
        return current_library().module_by_slug(slug)
    except KeyError as error:
        raise NotFoundError from error


def _page(module: Module, step_id: str) -> queries.ModulePage:
    me = the_actor().id
    state = queries.module_state(db.session(), me, module.id)
    page = queries.module_page(current_library(), module, state, me, step_id)
    if page is None:
        raise NotFoundError
    return page


@room.get("/modules/<slug>")
@needs(Action.READ_LIBRARY)
def module(slug: str) -> ResponseReturnValue:
    """To the first step that is not done."""
    found = _module(slug)
    steps = _page(found, found.sections[0].id).steps
    target = next((step for step in steps if not step.done and step.id != queries.CARDS), steps[0])
    return redirect(target.url, 303)


@room.get("/modules/<slug>/<step_id>")
@needs(Action.READ_LIBRARY)
def step(slug: str, step_id: str) -> ResponseReturnValue:
    """A section is the same for everybody who has done the same steps; quiz and notes are each person's own."""
    library, found, actor = current_library(), _module(slug), the_actor()
    state = queries.module_state(db.session(), actor.id, found.id)
    if step_id == queries.QUIZ or state.notes:
        return _own_step(found, step_id)

    def render() -> str:
        page = queries.module_page(library, found, state, actor.id, step_id)
        if page is None:
            raise NotFoundError
        return render_template("learning/step.html", page=page, problem={})

    html, stamp = cache.page((library.version, request.path, actor.roles, state), render)
    response = make_response(html)
    if stamp:
        response.headers["Cache-Control"] = "private, no-cache"
        response.set_etag(f"{stamp}-{actor.login_id}", weak=True)
        response.make_conditional(request)
    return response


def _own_step(found: Module, step_id: str, problem: dict[str, str] | None = None, note: str | None = None) -> Response:
    page = _page(found, step_id)
    page = page if note is None else replace(page, note=note)
    html = render_template("learning/step.html", page=page, problem=problem or {})
    return make_response(html, 422 if problem else 200)


@room.post("/modules/<slug>/<step_id>/read")
@needs(Action.LEARN)
@once
def read(slug: str, step_id: str) -> ResponseReturnValue:
    library = current_library()
    if request.form.get("undo"):
        service.mark_unread(db.session(), the_actor(), library, slug, step_id)
        return redirect(url_for("learning.step", slug=slug, step_id=step_id), 303)
    service.mark_read(db.session(), the_actor(), library, slug, step_id)
    following = _page(_module(slug), step_id).next
    return redirect(following.url if following else url_for("learning.modules"), 303)


@room.post("/modules/<slug>/quiz/<item_id>")
@needs(Action.LEARN)
@once
def answer(slug: str, item_id: str) -> ResponseReturnValue:
    try:
        service.answer(db.session(), the_actor(), current_library(), slug, item_id, request.form.get("option", ""))
    except InvalidError as error:
        roll_back()
        return _own_step(_module(slug), queries.QUIZ, {item_id: error.fields["option"]})
    return redirect(url_for("learning.step", slug=slug, step_id=queries.QUIZ) + f"#{item_id}", 303)


@room.get("/modules/ideas")
@needs(Action.LEARN)
def ideas() -> ResponseReturnValue:
    page = beliefs.ideas_page(db.session(), current_library(), library_of, the_actor().id)
    return render_template("learning/ideas.html", page=page)


@room.get("/modules/notes")
@needs(Action.LEARN)
def notes() -> ResponseReturnValue:
    page = own_notes.notes_page(db.session(), current_library(), the_actor().id)
    return render_template("learning/notes.html", page=page)


@room.post("/modules/<slug>/<step_id>/note")
@needs(Action.LEARN)
def note(slug: str, step_id: str) -> ResponseReturnValue:
    form = NoteForm()
    try:
        form.expect()
        version = own_notes.save(
            db.session(), the_actor(), current_library(), slug, step_id, form.text.data or "", row_sent("version")
        )
    except InvalidError:
        roll_back()
        return _own_step(_module(slug), step_id, {"note": form.text.errors[0]}, form.text.data or "")
    if request.accept_mimetypes.best == "application/json":
        return jsonify(version=version)
    return redirect(url_for("learning.step", slug=slug, step_id=step_id) + "#note", 303)


@room.get("/modules/<slug>/test-out")
@needs(Action.LEARN)
def test_out(slug: str) -> ResponseReturnValue:
    return _test_out_page(slug, {}, {})


def _test_out_page(slug: str, chosen: dict[str, str], errors: dict[str, str]) -> Response:
    page = quiz_first.page(db.session(), current_library(), the_actor().id, slug, chosen, errors)
    return make_response(render_template("learning/test_out.html", page=page), 422 if errors else 200)


@room.post("/modules/<slug>/test-out")
@needs(Action.LEARN)
@once
def take_quiz_first(slug: str) -> ResponseReturnValue:
    chosen = {name.removeprefix("answer-"): value for name, value in request.form.items() if name.startswith("answer-")}
    quiz = redirect(url_for("learning.step", slug=slug, step_id=queries.QUIZ), 303)
    try:
        result = quiz_first.take(db.session(), the_actor(), current_library(), slug, chosen)
    except InvalidError as error:
        roll_back()
        return _test_out_page(slug, chosen, error.fields)
    except ConflictError as error:
        flash(error.sentence, "info")
        return quiz
    said = f"{result.right} of {result.of}. "
    if result.passed:
        flash(said + "You know this: its reading is marked as known, and stays open to you.", "ok")
    else:
        flash(said + "Begin with the reading; the feedback below says what it is about.", "info")
    return quiz


@room.get("/modules/<slug>/files/<name>")
@needs(Action.READ_LIBRARY)
def file(slug: str, name: str) -> ResponseReturnValue:
    try:
        found = current_library().module_by_slug(slug).file(name)
    except KeyError as error:
        raise NotFoundError from error
    response = make_response(found.text)
    response.headers["Content-Type"] = "text/plain; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response


@room.get("/search")
@needs(Action.READ_LIBRARY)
def search() -> ResponseReturnValue:
    page = lookup.search_page(db.session(), current_library(), request.args.get("q", ""))
    return render_template("learning/search.html", page=page)


@room.get("/glossary")
@needs(Action.READ_LIBRARY)
def glossary() -> ResponseReturnValue:
    return render_template("learning/glossary.html", terms=queries.glossary(current_library()))


@room.get("/sources")
@needs(Action.READ_LIBRARY)
def sources() -> ResponseReturnValue:
    library = current_library()
    ordered = sorted(library.sources, key=lambda source: source.short.lower())
    return render_template("learning/sources.html", sources=ordered, credits=library.credits)


@room.get("/criteria")
@needs(Action.READ_LIBRARY)
def criteria() -> ResponseReturnValue:
    return render_template("learning/criteria.html", page=queries.CriteriaPage(current_library().skills))


@room.get("/criteria/<skill_id>")
@needs(Action.READ_LIBRARY)
def skill(skill_id: str) -> ResponseReturnValue:
    page = queries.skill_page(current_library(), skill_id)
    if page is None:
        raise NotFoundError
    return render_template("learning/skill.html", page=page)


@room.get("/cards")
@needs(Action.LEARN)
def cards() -> ResponseReturnValue:
    return _card_page()


def _card_page(problem: str = "") -> Response:
    page = recall.card_page(db.session(), current_library(), the_actor().id, clock.now())
    return make_response(render_template("learning/cards.html", page=page, problem=problem), 422 if problem else 200)


@room.post("/cards/<card_id>")
@needs(Action.LEARN)
@once
def answer_card(card_id: str) -> ResponseReturnValue:
    try:
        recall.answer_card(db.session(), the_actor(), current_library(), card_id, row_sent("rating"))
    except InvalidError as error:
        roll_back()
        return _card_page(error.fields["rating"])
    return redirect(url_for("learning.cards"), 303)
