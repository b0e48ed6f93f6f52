"""One frozen `Settings`, read once: the environment over `instance/coachkit.toml` over the defaults."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent
PREFIX = "COACHKIT_"


def _shipped(name: str) -> Path:
    """The folder `name` beside the package in a checkout, or inside it in an installed wheel."""
    inside = PACKAGE / "_shipped" / name
    return inside if inside.is_dir() else PACKAGE.parent / name


class SettingsError(ValueError):
    """A setting is unknown or has a value that cannot be used."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """What an operator may decide. Every name can be set as `COACHKIT_<NAME>` or in `coachkit.toml`."""

    instance: Path
    """The folder that holds the database, files and secrets of this installation."""
    secret_key: str = ""
    """Signs cookies; made on first start and kept in `instance/secret_key` unless given."""
    database_url: str = ""
    """Empty: SQLite in the instance folder. Otherwise a PostgreSQL address."""
    base_url: str = "http://127.0.0.1:8000"
    """The address people use; links in mails are made from it, never from a request."""
    trusted_hosts: tuple[str, ...] = ()
    """Host names answered besides the one of `base_url`."""
    behind_proxy: int = 0
    """How many reverse proxies stand in front and may be believed about the client's address."""
    organisation: str = "Your organisation"
    role_title: str = "IT liaison"
    """What the house calls the role; pages and reports use it."""
    measures: str = "on"
    """`off` removes every model-based figure, where law or a works agreement forbids them."""
    content: Path = Path()
    """The library that is published; the shipped one unless given."""
    packs: tuple[Path, ...] = ()
    """Folders of your own content, laid over the library; the last one lies on top."""
    templates: Path = Path()
    smtp_host: str = ""
    """Empty: mails are written as files to `instance/mail`."""
    smtp_port: int = 587
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_starttls: bool = True
    mail_from: str = "coachkit@localhost"
    report_paper: str = "A4"
    """A4 or Letter."""
    report_colour: str = ""
    """The house's colour on printed documents, like #0B6E6E; refused where text in it would be hard to read."""
    report_logo: Path | None = None
    """An SVG or PNG file for the first page of printed documents."""
    report_footer: str = ""
    """A few words for the foot of every page, such as who is responsible."""
    report_fonts: Path | None = None
    """A folder with Noto fonts for the names and words of people whose script our fonts lack; besides those of the
    system."""
    signing_file: Path | None = None
    """A PKCS#12 file with the key and certificate that sign reports; readable by the job worker only. Needs the
    package's extra `sign`."""
    signing_passphrase: str = ""
    licence_within_percent: int = 80
    """A coach passes a skill's calibration sets with at least so many of a hundred ratings within one level …"""
    licence_lean: float = 0.5
    """… and on average no further above or below the references, in levels."""
    licence_months: int = 12
    """How long a licence to rate official attempts lasts."""
    digest_hour: int = 7
    """When the daily mail goes out to those who chose one; UTC."""
    service_goal_days: int = 3
    """Within how many working days coaches aim to answer; learners are told."""
    holidays: tuple[date, ...] = ()
    """Days on which nobody is expected to answer: public holidays of the place, as `2027-12-24`. None are known."""
    undo_seconds: int = 10
    """How long a coach can take back what she has just sent. 0 sends at once."""
    idle_minutes: int = 120
    idle_minutes_privileged: int = 30
    """For CIO, admin and auditor."""
    absolute_hours: int = 12
    step_up_minutes: int = 10
    password_min: int = 15
    hash_memory_kib: int = 19456
    hash_time: int = 2
    second_percent: int = 20
    """Which share of official attempts a second coach rates as well, blind to the first. Below 20, coaches' differences
    can hardly be told from learners' differences."""
    second_days: int = 7
    """How long the learner waits for a second coach before both views are shown without hers."""
    agree_on: tuple[str, ...] = ()
    """Criteria on which two coaches write an agreed sheet at any difference; on all others from two levels on."""
    sqlite_synchronous: str = "FULL"
    """FULL loses no acknowledged submit on a power cut; NORMAL may lose the last ones."""
    files: str = ""
    """Where uploaded files lie. Empty: the folder `files` of the instance. A path, or `s3://bucket/prefix`."""
    s3_endpoint: str = ""
    """The address of the S3 store, such as `https://s3.example.org`."""
    s3_region: str = "us-east-1"
    s3_access_key: str = ""
    s3_secret_key: str = ""
    upload_limit_mb: int = 200
    """The largest file."""
    upload_quota_mb: int = 1000
    """What one person's files may take together."""
    scan_command: str = ""
    """Looks at each file before anybody can open it: `clamdscan --no-summary {file}`. Ends with 0: fine, 1: refused."""
    library_check_seconds: int = 5
    """How often a process looks whether another library version was published."""
    watch: bool = False
    """For authors, on their own machine: pages reload when a file of the library is saved, and name its problems."""

    @property
    def url(self) -> str:
        """The database address for SQLAlchemy."""
        if self.database_url:
            return self.database_url.replace("postgresql://", "postgresql+psycopg://", 1)
        return f"sqlite:///{self.instance / 'coachkit.sqlite'}"

    @property
    def measuring(self) -> bool:
        """Whether model-based figures are shown. A value that nobody knows counts as off: that is the safe side."""
        return self.measures.strip().lower() in {"on", "true", "yes", "1"}

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    @property
    def secure(self) -> bool:
        """Whether people reach coachkit over HTTPS."""
        return self.base_url.startswith("https://")

    @property
    def absolute(self) -> timedelta:
        return timedelta(hours=self.absolute_hours)

    def idle(self, *, privileged: bool) -> timedelta:
        return timedelta(minutes=self.idle_minutes_privileged if privileged else self.idle_minutes)


def _convert(name: str, kind: str, value: object) -> object:
    try:
        if kind.startswith("Path"):
            return Path(str(value)).expanduser().resolve()
        if kind == "int":
            return int(str(value))
        if kind == "float":
            return float(str(value))
        if kind == "bool":
            return str(value).strip().lower() in {"1", "true", "yes", "on"}
        if kind.startswith("tuple"):
            return _several(kind, value if isinstance(value, list) else str(value).split(","))
    except ValueError as error:
        raise SettingsError(f"The setting «{name}» cannot be «{value}».") from error
    return str(value)


def _several(kind: str, items: list[Any]) -> tuple[object, ...]:
    texts = [str(item).strip() for item in items if str(item).strip()]
    if "date" in kind:
        return tuple(sorted(map(date.fromisoformat, texts)))
    return tuple(Path(item).expanduser().resolve() if "Path" in kind else item for item in texts)


def _secret_key(instance: Path) -> str:
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        with suppress(PermissionError):  # a folder of somebody else's: they decide
            instance.chmod(0o700)  # also one that came with the project: what it will hold is for nobody else
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def read_settings(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:  # noqa: ANN401
    """Read the settings. Unknown keys raise `SettingsError` with the name, so a misspelt one is found."""
    environment = os.environ if environment is None else environment
    kinds = {field.name: str(field.type) for field in fields(Settings)}
    instance = Path(
        overrides.pop("instance", None) or environment.get("COACHKIT_INSTANCE") or PACKAGE.parent / "instance"
    )
    values: dict[str, object] = {}
    toml = instance / "coachkit.toml"
    if toml.exists():
        values.update(tomllib.loads(toml.read_text(encoding="utf-8")))
    for key, value in environment.items():
        name = key.removeprefix(PREFIX).lower()
        if key.startswith(PREFIX) and name in kinds:
            values[name] = value
    values.update(overrides)
    unknown = sorted(set(values) - set(kinds))
    if unknown:
        raise SettingsError(f"Unknown setting: {', '.join(unknown)} (in {toml}).")
    values = {name: _convert(name, kinds[name], value) for name, value in values.items()}
    values["instance"] = instance.expanduser().resolve()
    values.setdefault("content", _shipped("content"))
    values.setdefault("templates", _shipped("templates"))
    if not values.get("secret_key"):
        values["secret_key"] = _secret_key(values["instance"])  # type: ignore[arg-type]
    return Settings(**values)  # type: ignore[arg-type]
