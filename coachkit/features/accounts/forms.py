"""Forms about people and signing in."""

from __future__ import annotations

from wtforms import PasswordField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from coachkit.features.accounts.queries import ROLE_NAMES
from coachkit.platform.policy import Role
from coachkit.web.forms import BaseForm, choice, day, name, normal, storable, text

EMAIL = r"^[^@\s\"'`<>()]+@[^@\s\"'`<>()]+\.[^@\s\"'`<>()]+$"


def email_field(label: str = "E-mail address") -> StringField:
    """An address."""
    rules = [
        DataRequired("Please give an e-mail address."),
        Length(max=254, message="At most 254 characters, please."),
        Regexp(EMAIL, message="This does not look like an e-mail address."),
        storable,
    ]
    return StringField(label, rules, filters=[normal], render_kw={"autocomplete": "username", "inputmode": "email"})


def password_field(label: str, *, new: bool = False, hint: str = "") -> PasswordField:
    """A password; it is never shown again."""
    return PasswordField(
        label,
        [
            DataRequired("Please give a password."),
            Length(max=1024, message="At most 1,024 characters, please."),
        ],
        description=hint,
        render_kw={"autocomplete": "new-password" if new else "current-password"},
    )


NEW_HINT = "At least 15 characters. Four or five words in a row are easy to remember. Pasting is welcome."


class SignInForm(BaseForm):
    email = email_field()
    password = password_field("Password")


class FirstAdminForm(BaseForm):
    name = name("Your name", needed="Please give your name.")
    email = email_field()
    password = password_field("Password", new=True, hint=NEW_HINT)


class ResetForm(BaseForm):
    email = email_field()


class NewPasswordForm(BaseForm):
    password = password_field("New password", new=True, hint=NEW_HINT)


class ProveForm(BaseForm):
    password = password_field("Your password")


class ChangePasswordForm(BaseForm):
    password = password_field("Present password")
    new_password = password_field("New password", new=True, hint=NEW_HINT)


class RolesField(SelectMultipleField):  # type: ignore[misc]  # WTForms has no types
    """Check boxes for roles."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def roles_field(label: str = "Roles") -> RolesField:
    return RolesField(label, choices=[SelectChoice(role.value, ROLE_NAMES[role].capitalize()) for role in Role])


class InviteForm(BaseForm):
    name = name("Name", needed="Please give a name.")
    email = email_field()
    unit = text("Unit or segment", hint="For a liaison: whom they serve.")
    track = choice("Entry track", [("it", "Grew up in IT"), ("business", "Grew up in the business")])
    roles = roles_field()


class PersonForm(BaseForm):
    roles = roles_field()


class CohortForm(BaseForm):
    name = text("Name of the cohort", needed="Please give the cohort a name.")
    starts_on = day("First day", needed="Please give the first day.")
