"""Whether this machine can make PDFs, and what to install where it cannot."""

import contextlib
import io
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

INSTALL = (
    "On Debian or Ubuntu run: apt-get install --no-install-recommends "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
)


@dataclass(frozen=True, slots=True)
class PdfStatus:
    """One line for the health page and for `coachkit doctor`."""

    ready: bool
    sentence: str


def network() -> str:
    """Whether a worker on this machine can leave the network, found out in a process of its own."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); from coachkit.platform.pdf import lockdown; "
    code += "print(lockdown.leave_network())"
    root = str(Path(__file__).parents[3])
    ran = subprocess.run([sys.executable, "-I", "-c", code, root], capture_output=True, text=True, check=False)
    return ran.stdout.strip() or "unknown"


def status() -> PdfStatus:
    """Loads the engine only when asked, because a missing library must not stop the web application."""
    try:
        # Without its libraries the engine prints a long notice before it raises.
        with contextlib.redirect_stdout(io.StringIO()):
            import weasyprint  # noqa: PLC0415
            from weasyprint.text.ffi import harfbuzz_subset  # noqa: PLC0415
    except (ImportError, OSError) as error:
        return PdfStatus(ready=False, sentence=f"PDF reports are off: {error}. {INSTALL}")
    if harfbuzz_subset is None:
        sentence = f"PDF reports are off: libharfbuzz-subset is missing. {INSTALL}"
        return PdfStatus(ready=False, sentence=sentence)
    return PdfStatus(ready=True, sentence=f"PDF reports are on (WeasyPrint {weasyprint.__version__}).")
