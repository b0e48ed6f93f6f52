"""Signing in and out, one's own account, and the administrator's pages about people."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from coachkit.features.accounts import forms, queries, secrets, service, signin
from coachkit.platform import audit
from coachkit.platform.db import db
from coachkit.platform.errors import InvalidError, NotFoundError
from coachkit.platform.policy import Action, Role
from coachkit.platform.settings import Settings
from coachkit.web.access import current_actor, needs, public, recent_proof, the_actor
from coachkit.web.forms import refused
from coachkit.web.request import row_sent
from coachkit.web.submits import once

room = Blueprint("accounts", __name__)


def settings() -> Settings:
    found: Settings = current_app.config["COACHKIT"]
    return found


def safe_next() -> str:
    """Where to go afterwards: a page of ours, or home. Anything else in `next` is ignored."""
    target = request.values.get("next", "")
    if not target.startswith("/") or target.startswith("//") or "\\" in target:
        return "/"
    path, _, query = target.partition("?")
    try:
        current_app.url_map.bind("").match(path, "GET")
    except HTTPException:
        return "/"
    return f"{path}?{query}" if query else path


@room.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    form = forms.SignInForm()
    if request.method == "GET":
        return (
            redirect("/", 303)
            if current_actor()
            else render_template("accounts/sign_in.html", form=form, next=safe_next())
        )
    if not form.sent_well():
        return refused("accounts/sign_in.html", form=form, next=safe_next())
    signin.slow_down("sign-in", form.email.data, failed=False)
    person = secrets.check_password(db.session(), settings(), form.email.data, form.password.data)
    if person is None:
        signin.slow_down("sign-in", form.email.data, failed=True)
        form.take(InvalidError({"password": "This address and password do not belong together."}))
        # Returned, not raised: the count of tries must be kept.
        return render_template("accounts/sign_in.html", form=form, next=safe_next()), 422
    signin.start(settings(), person.id)
    audit.record(db.session(), None, "session:begin", subject=person.pseudonym)
    return redirect(safe_next(), 303)


@room.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    signin.end_this()
    response = redirect(url_for("accounts.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@room.route("/first-admin/<token>", methods=["GET", "POST"])
@public
def first_admin(token: str) -> ResponseReturnValue:
    if not secrets.holds(db.session(), "first-admin", token):
        raise NotFoundError
    form = forms.FirstAdminForm()
    if request.method == "GET":
        return render_template("accounts/first_admin.html", form=form)
    if not form.sent_well():
        return refused("accounts/first_admin.html", form=form)
    try:
        person = service.make_first_admin(
            db.session(),
            settings(),
            token,
            name=form.name.data,
            email=form.email.data,
            password=form.password.data,
        )
    except InvalidError as error:
        form.take(error)
        return refused("accounts/first_admin.html", form=form)
    signin.start(settings(), person.id)
    flash("You are the administrator. Invite the coaches and learners next.", "ok")
    return redirect(url_for("accounts.people"), 303)


@room.route("/reset", methods=["GET", "POST"])
@public
def reset() -> ResponseReturnValue:
    form = forms.ResetForm()
    if request.method == "GET":
        return render_template("accounts/reset.html", form=form, sent=False)
    if not form.sent_well():
        return refused("accounts/reset.html", form=form, sent=False)
    signin.slow_down("reset", form.email.data, failed=False)
    signin.slow_down("reset", form.email.data, failed=True)
    if signin.may_mail_a_link(form.email.data):
        service.ask_reset(db.session(), form.email.data)
    return render_template("accounts/reset.html", form=form, sent=True)


@room.route("/<any(invitation, reset):purpose>/<token>", methods=["GET", "POST"])
@public
def set_password(purpose: str, token: str) -> ResponseReturnValue:
    if not secrets.holds(db.session(), purpose, token):
        return render_template("accounts/link_ended.html", purpose=purpose), 404
    form = forms.NewPasswordForm()
    if request.method == "GET":
        return render_template("accounts/set_password.html", form=form, purpose=purpose)
    if not form.sent_well():
        return refused("accounts/set_password.html", form=form, purpose=purpose)
    try:
        person = service.set_password_by_link(db.session(), settings(), purpose, token, form.password.data)
    except InvalidError as error:
        form.take(error)
        return refused("accounts/set_password.html", form=form, purpose=purpose)
    signin.end_all(person.id)
    signin.start(settings(), person.id)
    flash("Your password is set.", "ok")
    return redirect("/", 303)


@room.route("/account/prove", methods=["GET", "POST"])
@needs(Action.USE_ACCOUNT)
def prove() -> ResponseReturnValue:
    form = forms.ProveForm()
    if request.method == "GET":
        return render_template("accounts/prove.html", form=form, next=safe_next())
    if not form.sent_well():
        return refused("accounts/prove.html", form=form, next=safe_next())
    actor = the_actor()
    signin.slow_down("prove", actor.email, failed=False)
    if secrets.check_password(db.session(), settings(), actor.email, form.password.data) is None:
        signin.slow_down("prove", actor.email, failed=True)
        form.take(InvalidError({"password": "This is not your password."}))
        return render_template("accounts/prove.html", form=form, next=safe_next()), 422
    signin.renew_proof(actor.login_id)
    return redirect(safe_next(), 303)


@room.get("/account")
@needs(Action.USE_ACCOUNT)
def account() -> ResponseReturnValue:
    actor = the_actor()
    return render_template(
        "accounts/account.html",
        me=queries.person_view(db.session(), actor.id),
        logins=queries.logins(db.session(), actor),
        coaches=queries.coaches_of(db.session(), actor.id),
        form=forms.ChangePasswordForm(),
        role_names=queries.ROLE_NAMES,
    )


@room.post("/account/password")
@needs(Action.USE_ACCOUNT)
def change_password() -> ResponseReturnValue:
    actor, form = the_actor(), forms.ChangePasswordForm()
    signin.slow_down("prove", actor.email, failed=False)
    try:
        form.expect()
        service.change_password(db.session(), settings(), actor, form.password.data, form.new_password.data)
    except InvalidError as error:
        form.take(error)
        answer = refused(
            "accounts/account.html",
            me=queries.person_view(db.session(), actor.id),
            logins=queries.logins(db.session(), actor),
            coaches=queries.coaches_of(db.session(), actor.id),
            form=form,
            role_names=queries.ROLE_NAMES,
        )
        if "password" in error.fields:
            signin.slow_down("prove", actor.email, failed=True)
        return answer
    signin.end_all(actor.id, keep=actor.login_id)
    flash("Your password is changed, and every other browser is signed out.", "ok")
    return redirect(url_for("accounts.account"), 303)


@room.post("/account/end-others")
@needs(Action.USE_ACCOUNT)
def end_others() -> ResponseReturnValue:
    actor = the_actor()
    signin.end_all(actor.id, keep=actor.login_id)
    flash("Every other browser is signed out.", "ok")
    return redirect(url_for("accounts.account"), 303)


@room.get("/account/looks")
@needs(Action.USE_ACCOUNT)
def looks() -> ResponseReturnValue:
    return render_template("accounts/looks.html", looks=queries.my_looks(db.session(), the_actor().id))


@room.get("/admin/people")
@needs(Action.ADMINISTER)
def people() -> ResponseReturnValue:
    page = request.args.get("page", 1, type=int)
    return render_template(
        "accounts/people.html",
        page=queries.people_page(db.session(), request.args.get("search", "")[:80].strip(), page),
        role_names=queries.ROLE_NAMES,
    )


@room.route("/admin/people/new", methods=["GET", "POST"])
@needs(Action.ADMINISTER)
@once
def invite() -> ResponseReturnValue:
    form = forms.InviteForm()
    if request.method == "GET":
        return render_template("accounts/invite.html", form=form)
    recent_proof()
    if not form.sent_well():
        return refused("accounts/invite.html", form=form)
    try:
        person = service.invite(
            db.session(),
            the_actor(),
            name=form.name.data,
            email=form.email.data,
            unit=form.unit.data or "",
            track=form.track.data,
            roles=[Role(role) for role in form.roles.data or []],
        )
    except InvalidError as error:
        form.take(error)
        return refused("accounts/invite.html", form=form)
    flash(f"{person.name} is invited by mail.", "ok")
    return redirect(url_for("accounts.person", person_id=person.id), 303)


@room.get("/admin/people/<int:person_id>")
@needs(Action.ADMINISTER)
def person(person_id: int) -> ResponseReturnValue:
    return _person_page(person_id, forms.PersonForm())


def _person_page(person_id: int, form: forms.PersonForm, *, code: int = 200, link: str = "") -> Response:
    view = queries.person_view(db.session(), person_id)
    if view is None:
        raise NotFoundError
    if request.method == "GET":
        form.roles.data = [role.value for role in view.roles]
    page = render_template(
        "accounts/person.html",
        person=view,
        form=form,
        link=link,
        coaches=queries.coaches_of(db.session(), person_id),
        all_coaches=[coach for coach in queries.with_role(db.session(), Role.COACH) if coach.id != person_id],
        cohorts=queries.cohorts(db.session()),
        membership=queries.membership(db.session(), person_id),
        role_names=queries.ROLE_NAMES,
    )
    return Response(page, code)


@room.post("/admin/people/<int:person_id>/roles")
@needs(Action.ADMINISTER)
def roles(person_id: int) -> ResponseReturnValue:
    recent_proof()
    form = forms.PersonForm()
    try:
        service.change_roles(
            db.session(),
            the_actor(),
            person_id,
            [Role(role) for role in request.form.getlist("roles") if role in set(Role)],
        )
    except InvalidError as error:
        db.session.rollback()
        form.take(error)
        return _person_page(person_id, form, code=422)
    if person_id != the_actor().id:
        signin.end_all(person_id)
    flash("The roles count from now on.", "ok")
    return redirect(url_for("accounts.person", person_id=person_id), 303)


@room.post("/admin/people/<int:person_id>/invitation")
@needs(Action.ADMINISTER)
def invitation(person_id: int) -> ResponseReturnValue:
    recent_proof()
    _invited, token = service.invitation_to_hand_over(db.session(), the_actor(), person_id)
    return _person_page(person_id, forms.PersonForm(), link=f"{settings().base_url}/invitation/{token}")


@room.post("/admin/people/<int:person_id>/<any(open, close):act>")
@needs(Action.ADMINISTER)
def set_active(person_id: int, act: str) -> ResponseReturnValue:
    recent_proof()
    service.set_active(db.session(), the_actor(), person_id, active=act == "open")
    if act == "close":
        signin.end_all(person_id)
    flash("The account is open again." if act == "open" else "The account is closed. Nothing was deleted.", "ok")
    return redirect(url_for("accounts.person", person_id=person_id), 303)


@room.post("/admin/people/<int:person_id>/coaches")
@needs(Action.ADMINISTER)
def coaches(person_id: int) -> ResponseReturnValue:
    recent_proof()
    coach_id = row_sent("coach_id")
    if request.form.get("end"):
        service.end_coaching(db.session(), the_actor(), coach_id=coach_id, learner_id=person_id)
    else:
        service.assign_coach(db.session(), the_actor(), coach_id=coach_id, learner_id=person_id)
    return redirect(url_for("accounts.person", person_id=person_id), 303)


@room.post("/admin/people/<int:person_id>/cohort")
@needs(Action.ADMINISTER)
def join(person_id: int) -> ResponseReturnValue:
    recent_proof()
    service.join_cohort(db.session(), the_actor(), row_sent("cohort_id"), person_id)
    return redirect(url_for("accounts.person", person_id=person_id), 303)


@room.route("/admin/cohorts", methods=["GET", "POST"])
@needs(Action.ADMINISTER)
@once
def cohorts() -> ResponseReturnValue:
    form = forms.CohortForm()
    if request.method == "POST":
        try:
            form.expect()
            service.new_cohort(db.session(), the_actor(), name=form.name.data, starts_on=form.starts_on.data)
        except InvalidError as error:
            form.take(error)
            return refused("accounts/cohorts.html", form=form, cohorts=queries.cohorts(db.session()))
        flash("The cohort is open.", "ok")
        return redirect(url_for("accounts.cohorts"), 303)
    return render_template("accounts/cohorts.html", form=form, cohorts=queries.cohorts(db.session()))
