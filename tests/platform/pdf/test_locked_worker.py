"""A PDF worker fetches nothing, survives every document, and knows no secrets."""

import datetime as dt
import http.server
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from coachkit.features.reports.document import report_job
from coachkit.platform.pdf import PdfRenderer, RenderError, RenderJob
from coachkit.platform.pdf import pool as pool_module
from coachkit.platform.pdf.job import Rendered
from tests.factories.pdf_text import embedded_files, pdf_text
from tests.factories.reports import report
from tests.platform.pdf.conftest import in_process

CANARY = "canary-of-another-person"
WHEN = dt.datetime(2026, 10, 23, tzinfo=dt.UTC)


def job(body: str, head: str = "") -> RenderJob:
    html = f'<html lang="en"><head><title>T</title>{head}</head><body><h1>T</h1>{body}</body></html>'
    return RenderJob(html, "report.css", "{}", "CK-1", WHEN)


def drawn(inside: str) -> str:
    frame = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>t</title>{}</svg>'
    return frame.format(inside)


@pytest.fixture(scope="module")
def loopback():
    """A web server on this machine that writes down every request."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if self.path.startswith("/redirect"):
                self.send_response(302)
                self.send_header("Location", "/landed")
            else:
                self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret.txt"
    path.write_text(CANARY)
    return path.as_uri()


NESTED = "data:image/svg+xml," + quote(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="WEB/n.png"/></svg>', safe=":/"
)

ATTACKS = {
    "attachment link": ("", '<link rel="attachment" href="FILE"/>'),
    "attachment anchor": ('<p><a rel="attachment" href="FILE">x</a></p>', ""),
    "image": ('<p><img src="WEB/i.png" alt="x"/></p>', ""),
    "image from disk": ('<p><img src="FILE" alt="x"/></p>', ""),
    "redirected image": ('<p><img src="WEB/redirect" alt="x"/></p>', ""),
    "object": ('<object data="WEB/o.svg"></object>', ""),
    "embed": ('<embed src="WEB/e.svg"/>', ""),
    "style sheet": ("", '<link rel="stylesheet" href="WEB/s.css"/>'),
    "import": ("", "<style>@import url(WEB/i.css);</style>"),
    "background": ("", "<style>body{background:url(WEB/b.png)}</style>"),
    "font": ("", "<style>@font-face{font-family:F;src:url(WEB/f.ttf)}h1{font-family:F}</style>"),
    "font from disk": ("", "<style>@font-face{font-family:F;src:url(FILE)}h1{font-family:F}</style>"),
    "list image": ("<ul><li>x</li></ul>", "<style>li{list-style-image:url(WEB/l.png)}</style>"),
    "generated content": ("", "<style>h1::before{content:url(WEB/c.png)}</style>"),
    "drawn image": (drawn('<image href="WEB/d.png" width="9" height="9"/>'), ""),
    "drawn reference": (drawn('<use href="WEB/u.svg#a"/>'), ""),
    "base": ('<p><img src="i.png" alt="x"/></p>', '<base href="WEB/"/>'),
    "nested drawing": (f'<p><img alt="x" src="{NESTED}"/></p>', ""),
    "page background": ("", "<style>@page{background:url(WEB/p.png)}</style>"),
}


@in_process
@pytest.mark.parametrize("attack", ATTACKS)
def test_the_fetcher_alone_refuses_every_address(engine, loopback, secret, attack):
    web, asked = loopback
    body, head = (part.replace("WEB", web).replace("FILE", secret) for part in ATTACKS[attack])
    asked.clear()
    made = None
    with suppress(RenderError):
        made = engine.render(job(body, head))
    if made is not None:
        assert CANARY not in pdf_text(made.pdf)
        assert list(embedded_files(made.pdf)) == ["report.json"]
    assert asked == []


def test_the_attack_server_does_notice_a_request(loopback):
    web, asked = loopback
    with urlopen(f"{web}/redirect"):
        assert asked == ["/redirect", "/landed"]


BOMBS = {
    "a word of 300 kB": f"<p>{'x' * 300_000}</p>",
    "200 kB of prose": f"<p>{'word ' * 40_000}</p>",
    "600 nested blocks": "<div>" * 600 + "</div>" * 600,
    "a cell over a billion columns": '<table><tbody><tr><td colspan="1000000000">x</td></tr></tbody></table>',
    "a cell over a billion rows": '<table><tbody><tr><td rowspan="1000000000">x</td></tr></tbody></table>',
    "thirteen pages": '<div style="break-after:page">x</div>' * 13,
    "sixty thousand elements": "<i>x</i>" * 60_000,
    "a link nobody announced": '<p><a href="https://example.org/">x</a></p>',
    "a picture without words": '<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="/></p>',
    "a character without a glyph": "<p>\u3042</p>",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bad_document_ends_with_a_sentence_and_the_next_report_is_made(renderer, templates, bomb):
    with pytest.raises(RenderError) as refused:
        renderer.render(job(BOMBS[bomb]))
    assert refused.value.reason_for_user.endswith(".")
    assert renderer.render(report_job(templates, report("short"))).pages == 2


def test_a_document_type_with_entities_is_refused(renderer):
    bomb = job("<p>x</p>")
    bomb = replace(bomb, html='<!DOCTYPE a [<!ENTITY b "c">]>' + bomb.html)
    with pytest.raises(RenderError):
        renderer.render(bomb)


def test_a_job_too_large_for_a_pipe_is_refused_before_it_is_sent():
    with pytest.raises(RenderError):
        job("x" * 3_000_000)


@in_process
def test_both_parsers_make_the_same_bytes(engine, templates):
    wanted = report_job(templates, report("typical", 1))
    assert engine.render(wanted) == engine.render(wanted, parser="html")


@in_process
def test_markup_that_is_not_well_formed_still_becomes_a_page(engine):
    assert engine.render(job("<p>one<p>two")).pages == 1


def test_a_report_that_takes_too_long_is_stopped(pango, templates):
    with PdfRenderer(seconds=0.001) as hasty, pytest.raises(RenderError) as stopped:
        hasty.render(report_job(templates, report("short")))
    assert stopped.value.reason_for_user == pool_module.TOO_SLOW


def test_a_killed_worker_costs_one_report_only(pango, templates):
    wanted = report_job(templates, report("short"))
    with PdfRenderer() as own:
        own.render(wanted)
        os.kill(own._idle[0].pid, signal.SIGKILL)
        with pytest.raises(RenderError) as stopped:
            own.render(wanted)
        assert stopped.value.reason_for_user == pool_module.BROKE_OFF
        assert own.render(wanted).pages == 2


def test_workers_are_replaced_after_their_share_of_reports(pango, templates):
    wanted = report_job(templates, report("short"))
    with PdfRenderer(reports_per_worker=2) as own:
        own.render(wanted)
        first = own._idle[0].pid
        own.render(wanted)
        assert own._idle == []
        own.render(wanted)
        assert own._idle[0].pid != first


def test_two_workers_serve_two_threads(pango, templates):
    wanted = report_job(templates, report("short"))
    made: list[Rendered] = []
    with PdfRenderer(workers=2) as own:
        threads = [threading.Thread(target=lambda: made.append(own.render(wanted))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(own._idle) <= 2
    assert len(made) == 4
    assert len({item.sha256 for item in made}) == 1


def test_no_report_carries_anything_of_the_one_before(renderer, templates):
    renderer.render(report_job(templates, replace(report("short"), learner_comment=CANARY)))
    made = renderer.render(report_job(templates, report("short", 3)))
    assert CANARY not in pdf_text(made.pdf)
    assert CANARY.encode() not in embedded_files(made.pdf)["report.json"]


def test_a_worker_knows_no_database_and_no_secret(pango, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody:word@db/coachkit")
    monkeypatch.setenv("COACHKIT_SECRET_KEY", CANARY)
    worker = pool_module.Worker()
    try:
        environment = Path(f"/proc/{worker.pid}/environ").read_bytes()
        assert b"DATABASE" not in environment
        assert CANARY.encode() not in environment
        folder = Path(worker._folder.name)
        assert folder.stat().st_mode & 0o777 == 0o700
        opened = {str(link.readlink()).partition(":")[0] for link in Path(f"/proc/{worker.pid}/fd").iterdir()}
        assert opened <= {"pipe", "/dev/null"}, "nothing of the parent's is open in it"
    finally:
        worker.end()
    assert not folder.exists()


def test_a_worker_stands_outside_the_network_where_the_kernel_allows_it(pango):
    worker = pool_module.Worker()
    try:
        apart = Path(f"/proc/{worker.pid}/ns/net").readlink() != Path("/proc/self/ns/net").readlink()
        assert apart == (worker.network == "no network")
    finally:
        worker.end()


_HOSTILE = """
import hashlib, json, sys
from coachkit.platform.pdf.job import frame
out = sys.stdout.buffer
def say(head, body=b""):
    out.write(frame(head if isinstance(head, bytes) else json.dumps(head).encode()) + frame(body))
    out.flush()
say({"ready": True, "network": "no network"})
sys.stdin.buffer.read(1)
PDF = b"%PDF-1.7"
SOUND = {"sha256": hashlib.sha256(PDF).hexdigest(), "pages": 2, "engine": "e", "last_page": 0.5}
"""

ANSWERS = {
    "not JSON": "say(b'{', PDF)",
    "not an object": "say([], PDF)",
    "another digest": "say({**SOUND, 'sha256': '0' * 64}, PDF)",
    "a thousand pages": "say({**SOUND, 'pages': 1000}, PDF)",
    "pages in words": "say({**SOUND, 'pages': 'two'}, PDF)",
    "no pages": "say({'sha256': SOUND['sha256']}, PDF)",
    "not a PDF": "say({**SOUND, 'sha256': hashlib.sha256(b'<html>').hexdigest()}, b'<html>')",
    "a frame of four gigabytes": "out.write(bytes([255] * 4)); out.flush()",
    "half a frame": "out.write(bytes([0, 0, 1, 0, 65])); out.flush()",
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_worker_that_answers_what_cannot_be_is_ended_and_not_believed(monkeypatch, templates, answer):
    start = "import sys; sys.path.insert(0, sys.argv[1])\n" + _HOSTILE + ANSWERS[answer]
    monkeypatch.setattr(pool_module, "_START", start)
    with PdfRenderer(seconds=20) as own:
        with pytest.raises(RenderError) as refused:
            own.render(report_job(templates, report("short")))
        assert refused.value.reason_for_user == pool_module.BROKE_OFF
        assert own._idle == []


_TRIES = """
import socket, subprocess, sys, os
from pathlib import Path
from coachkit.platform.pdf import lockdown
lockdown.limit_memory()
folder = Path(sys.argv[1])
lockdown.refuse_the_rest(lockdown.readable_folders(folder))
def attempt(name, act):
    try:
        act()
    except PermissionError:
        print(name, "refused")
    except MemoryError:
        print(name, "out of memory")
    else:
        print(name, "allowed")
attempt("connect", lambda: socket.create_connection(("127.0.0.1", 9)))
attempt("child", lambda: subprocess.run(["true"]))
attempt("system", lambda: os.system("true"))
attempt("fork", os.fork)
attempt("write", lambda: open(folder / "new", "w"))
attempt("read", lambda: open("/etc/hostname"))
attempt("own", lambda: open(folder / "own").close())
attempt("memory", lambda: bytearray(2 << 30))
import resource
print("limits", *(resource.getrlimit(kind)[1] for kind in (resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE,
                                                            resource.RLIMIT_CORE)))
"""


def test_python_code_in_a_worker_can_neither_connect_nor_start_write_or_read_elsewhere(tmp_path):
    (tmp_path / "own").write_text("x")
    ran = subprocess.run([sys.executable, "-c", _TRIES, str(tmp_path)], capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n")[:-1] == [
        "connect refused",
        "child refused",
        "system refused",
        "fork refused",
        "write refused",
        "read refused",
        "own allowed",
        "memory out of memory",
        "limits 0 0 0",
    ]


def test_loading_the_pdf_package_does_not_load_the_engine():
    code = "import sys, coachkit.platform.pdf; print('weasyprint' in sys.modules, 'flask' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False False"
