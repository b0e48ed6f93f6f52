"""`python -m tests.bench.pdf_batches`: what a batch costs: memory over many reports, one worker or two, signing.

Memory is that of one worker process that is never replaced (in service it is after 200 reports). Times of one worker
and of two alternate in rounds, since other work on the machine moves both. Signing is processor time of this process.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from coachkit.features.reports.document import report_job
from coachkit.features.reports.style import HouseStyle
from coachkit.platform.pdf import PdfRenderer, RenderJob, Signer
from coachkit.platform.templates import make_environment
from tests.factories.reports import report
from tests.factories.signing import PASSPHRASE, key_file

ROOT = Path(__file__).parents[2]
SIZES = ("typical", "short", "typical", "longest")
MARKS = (1, 10, 50, 100, 200, 300, 400, 500)


def jobs(number: int) -> list[RenderJob]:
    """As a cohort has them: mostly typical, some short, some long."""
    templates = make_environment(ROOT / "templates")
    few = [report_job(templates, report(SIZES[seed % len(SIZES)], seed)) for seed in range(min(number, 24))]
    return [few[at % len(few)] for at in range(number)]


def memory(number: int) -> dict[str, Any]:
    """Resident memory in MiB of one worker after so many reports."""
    found = {}
    with PdfRenderer(reports_per_worker=number + 1) as renderer:
        for at, job in enumerate(jobs(number), 1):
            renderer.render(job)
            if at in MARKS or at == number:
                found[at] = round(_resident(renderer._idle[0].pid), 1)
    after = [value for at, value in found.items() if at >= 50]
    return {"MiB": found, "growth_after_50": round(after[-1] - after[0], 1) if after else None}


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def _seconds(renderer: PdfRenderer, wanted: list[RenderJob], workers: int) -> float:
    waiting = list(wanted)
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                job = waiting.pop()
            renderer.render(job)

    threads = [threading.Thread(target=work) for _ in range(workers)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - began


def scaling(number: int, rounds: int) -> dict[str, Any]:
    """Reports a second by the clock, with one worker and with two."""
    wanted = jobs(number)
    pace: dict[int, list[float]] = {1: [], 2: []}
    with PdfRenderer(workers=1) as one, PdfRenderer(workers=2) as two:
        for renderer, workers in ((one, 1), (two, 2)):
            _seconds(renderer, wanted[: 2 * workers], workers)  # warm
        for at in range(rounds):
            order = ((one, 1), (two, 2)) if at % 2 else ((two, 2), (one, 1))
            for renderer, workers in order:
                pace[workers].append(number / _seconds(renderer, wanted, workers))
    ratios = [two / one for one, two in zip(pace[1], pace[2], strict=True)]
    return {
        "reports_per_second": {str(workers): [round(each, 2) for each in found] for workers, found in pace.items()},
        "median_ratio": round(statistics.median(ratios), 2),
        "ratios": [round(ratio, 2) for ratio in ratios],
    }


def signing(number: int) -> dict[str, Any]:
    """Processor milliseconds for one signature, warm, and the bytes that it adds."""
    templates = make_environment(ROOT / "templates")
    now = dt.datetime.now(dt.UTC)
    with tempfile.TemporaryDirectory() as folder, PdfRenderer() as renderer:
        signer = Signer(key_file(Path(folder), begins=now - dt.timedelta(days=1)), PASSPHRASE)
        plain = renderer.render(report_job(templates, report("typical", 1), style=HouseStyle(signed=True))).pdf
        began = time.process_time()
        signed = signer.sign(plain, now)
        first = (time.process_time() - began) * 1000
        found = []
        for _ in range(number):
            began = time.process_time()
            signer.sign(plain, now)
            found.append((time.process_time() - began) * 1000)
    return {
        "first_ms": round(first),
        "median_ms": round(statistics.median(found), 1),
        "least_and_most_ms": [round(min(found), 1), round(max(found), 1)],
        "bytes_added": len(signed) - len(plain),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory", type=int, default=0, help="how many reports")
    parser.add_argument("--scaling", type=int, default=0, help="how many reports in each round")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--signing", type=int, default=0, help="how many signatures")
    given = parser.parse_args()
    if given.memory:
        print(json.dumps({"memory": memory(given.memory)}, indent=1), flush=True)
    if given.scaling:
        print(json.dumps({"scaling": scaling(given.scaling, given.rounds)}, indent=1), flush=True)
    if given.signing:
        print(json.dumps({"signing": signing(given.signing)}, indent=1), flush=True)
