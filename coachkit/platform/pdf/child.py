"""The worker process: reads jobs from standard input, writes PDFs to standard output.

Started by `pool`, with an empty environment and a folder of its own. Every answer is two frames: a small
JSON object, and the PDF (empty when there is none). After a failed job the process ends: whatever went
wrong in it is not carried into the next person's report.
"""

import gc
import json
import os
import sys
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from coachkit.platform.pdf import lockdown
from coachkit.platform.pdf.glyphs import FONT_FOLDER, fallback_files, fonts_conf
from coachkit.platform.pdf.job import LENGTH, RECORDED, RenderError, RenderJob, frame

if TYPE_CHECKING:
    from coachkit.platform.pdf.engine import Engine

COLLECT_EVERY = 10
NO_MEMORY = "This report needs more memory than a report may take."
UNEXPECTED = "The report could not be made because of a fault in the program."

_WARM_UP = """<html lang="en"><head><title>Warm-up</title></head><body><h1>Warm-up</h1>
<p>Text <b>bold</b></p><table class="t"><thead><tr><th scope="col">Head</th></tr></thead>
<tbody><tr><td>Cell</td></tr></tbody></table>
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="9" height="9"><title>Line</title>
<path d="M0 0h9" stroke="#000000" stroke-width="1"/></svg></body></html>"""


def main() -> int:
    """Takes the limits on, loads the engine, and serves until standard input ends."""
    jobs, answers = _streams()
    lockdown.limit_memory()
    network = lockdown.leave_network()
    folder = Path(tempfile.gettempdir())
    own_fonts = Path(sys.argv[2]) if sys.argv[2:3] and sys.argv[2] else None
    (folder / "fonts.conf").write_text(fonts_conf(folder, fallback_files(own_fonts)), "utf-8")
    os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
    warnings.simplefilter("ignore")
    try:
        engine = _warm_engine(own_fonts)
    except Exception as error:  # noqa: BLE001 - the parent has no other way to learn of it
        _answer(answers, {"ready": False, "detail": f"{type(error).__name__}: {error}"})
        return 1
    lockdown.refuse_the_rest(lockdown.readable_folders(FONT_FOLDER.parent, folder))
    _answer(answers, {"ready": True, "network": network, "engine": engine.name})
    return _serve(engine, jobs, answers)


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, out of reach of anything that prints."""
    jobs = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    return jobs, answers


def _warm_engine(own_fonts: Path | None) -> "Engine":
    import datetime as dt  # noqa: PLC0415

    from coachkit.platform.pdf.engine import Engine  # noqa: PLC0415 - after the limits

    engine = Engine(own_fonts=own_fonts)
    start = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    engine.render(RenderJob(_WARM_UP, "report.css", "{}", "warm-up", start))
    gc.collect()
    gc.freeze()
    gc.disable()
    return engine


def _serve(engine: "Engine", jobs: BinaryIO, answers: BinaryIO) -> int:
    served = 0
    while header := jobs.read(LENGTH.size):
        wire = jobs.read(LENGTH.unpack(header)[0])
        lockdown.allow_cpu_for_one_report()
        try:
            done = engine.render(RenderJob.from_wire(wire))
        except RenderError as error:
            _answer(answers, {"reason": error.reason_for_user, "detail": error.detail})
            return 1
        except MemoryError:
            _answer(answers, {"reason": NO_MEMORY, "detail": "memory limit"})
            return 1
        except Exception as error:  # noqa: BLE001 - whatever a document provokes stays with that document
            _answer(answers, {"reason": UNEXPECTED, "detail": type(error).__name__})
            return 1
        _answer(answers, {name: getattr(done, name) for name in RECORDED}, done.pdf)
        served += 1
        if served % COLLECT_EVERY == 0:
            gc.collect()
    return 0


def _answer(answers: BinaryIO, head: dict[str, object], body: bytes = b"") -> None:
    answers.write(frame(json.dumps(head).encode()) + frame(body))
    answers.flush()


if __name__ == "__main__":
    sys.exit(main())
