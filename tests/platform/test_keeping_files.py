"""Files lie in a folder or in an S3 store; both do the same, and an S3 store sees correct signatures."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from coachkit.platform import clock, files, jobs
from coachkit.platform.errors import UnavailableError
from coachkit.platform.settings import SettingsError, read_settings
from tests.factories import loop, s3
from tests.factories.uploads import Sender, blob, lying

pytestmark = pytest.mark.one_database


def s3_settings(tmp_path, address: str, **more: str):
    chosen = {
        "files": "s3://practice/tessel one",
        "s3_endpoint": address,
        "s3_region": s3.REGION,
        "s3_access_key": s3.ACCESS,
        "s3_secret_key": s3.SECRET,
    } | more
    return read_settings({}, instance=tmp_path, secret_key="for tests only", **chosen)


def test_a_signature_is_the_published_one():
    """The example of listing a bucket's lifecycle in the documentation of the signature's fourth version."""
    key = files.Key("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "us-east-1")
    nothing = hashlib.sha256(b"").hexdigest()
    host = "examplebucket.s3.amazonaws.com"
    signed = files.sign(key, "GET", host, "/", nothing, "20130524T000000Z", query="lifecycle=")
    assert signed["Authorization"].endswith("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")


@pytest.fixture(params=["folder", "s3"])
def store(request, tmp_path):
    if request.param == "folder":
        yield files.make_store(read_settings({}, instance=tmp_path, secret_key="for tests only"))
        return
    with s3.bucket() as server:
        yield files.make_store(s3_settings(tmp_path, server.address))
        assert server.refused == []
        assert server.objects == {}


def test_what_is_put_is_got_until_it_is_removed(store):
    store.put("ab" * 16, 0, b"first")
    store.put("ab" * 16, 0, b"first")
    store.put("ab" * 16, 1, bytes(range(256)) * 1024)
    store.settle("ab" * 16)
    assert store.get("ab" * 16, 0) == b"first"
    assert store.get("ab" * 16, 1) == bytes(range(256)) * 1024
    store.remove("ab" * 16, range(5))
    store.remove("ab" * 16, range(5))
    with pytest.raises(UnavailableError):
        store.get("ab" * 16, 0)


@pytest.mark.parametrize("wrong", [{"s3_secret_key": "another"}, {"s3_access_key": "AKIDOTHER"}, {"s3_region": "x"}])
def test_a_wrong_key_is_told_from_a_right_one(tmp_path, wrong):
    with s3.bucket() as server:
        store = files.make_store(s3_settings(tmp_path, server.address, **wrong))
        with pytest.raises(UnavailableError):
            store.put("ab" * 16, 0, b"data")
        assert server.objects == {}
        assert len(server.refused) == 1


@pytest.mark.parametrize("missing", ["s3_endpoint", "s3_access_key", "s3_secret_key"])
def test_a_store_that_lacks_a_setting_is_refused_at_the_start(tmp_path, missing):
    with pytest.raises(SettingsError, match=missing):
        files.make_store(s3_settings(tmp_path, "http://127.0.0.1:1", **{missing: ""}))


def test_a_whole_upload_goes_through_an_s3_store(settings, cast):
    from coachkit.app import create_app
    from coachkit.platform.db import db
    from tests.factories.browsing import Browser

    with s3.bucket() as server:
        app = create_app(
            replace(
                settings,
                files="s3://practice",
                s3_endpoint=server.address,
                s3_region=s3.REGION,
                s3_access_key=s3.ACCESS,
                s3_secret_key=s3.SECRET,
            )
        )
        with app.app_context():
            attempt_id = loop.started(cast)
        sender = Sender(Browser(app, "ana"), attempt_id, blob(600_000))
        server.broken = True
        sender.begin()
        assert sender.piece(0).status_code == 503
        server.broken = False
        assert sender.all().json["state"] == "kept"
        assert sender.browser.get(f"{sender.url}/content").data == sender.data
        assert len(server.objects) == 3
        assert lying(settings.instance / "files") == []
        sender.browser.post(f"{sender.url}/delete")
        with app.app_context(), clock.shifted(timedelta(minutes=1)):
            jobs.run_waiting()
            db.session.remove()
            db.engine.dispose()
        assert server.objects == {}
        assert server.refused == []
