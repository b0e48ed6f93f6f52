"""What a PDF worker gives up before it reads the first document.

It loses the network where the kernel allows it, memory and processor time beyond a limit, core dumps, the
right to write files, and, for Python code, connections, child processes and files outside its own.
The hook on Python's audit events cannot be taken back; it is a second lock, not a sandbox.
"""

import ctypes
import os
import resource
import sys
import sysconfig
from pathlib import Path
from typing import Any

MEMORY = 1 << 30
CPU_SECONDS_PER_REPORT = 25

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_NO_NEW_PRIVS = 38

_REFUSED = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.spawn",
    "os.remove",
    "os.rename",
    "os.kill",
    "ctypes.dlopen",
    "urllib.",
    "ftplib.",
    "smtplib.",
    "http.",
)


def limit_memory() -> None:
    """For the whole life of the worker: memory, and no core file with somebody's ratings in it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def allow_cpu_for_one_report() -> None:
    """Moves the soft limit on, so that each report has the same time whatever came before it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS_PER_REPORT
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def leave_network() -> str:
    """Moves into an empty network namespace; answers what came of it, for the health page."""
    if not sys.platform.startswith("linux"):
        return "network reachable: this system has no namespaces"
    library = ctypes.CDLL(None, use_errno=True)
    library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET):
        if library.unshare(flags) == 0:
            return "no network"
    return f"network reachable: {os.strerror(ctypes.get_errno())}"


def readable_folders(*own: Path) -> tuple[str, ...]:
    """Python's own folders and those given: nothing else of the disk is needed after the start."""
    names = ("stdlib", "platstdlib", "purelib", "platlib")
    found = {os.path.realpath(sysconfig.get_path(name)) for name in names}
    found |= {os.path.realpath(path) for path in own}
    return tuple(sorted(folder + os.sep for folder in found))


def refuse_the_rest(folders: tuple[str, ...]) -> None:
    """From here on: no writing, no connections, no child processes, no reading elsewhere."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))  # also for what is not Python; it binds everybody but root

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            _check_open(arguments, folders)
        elif event.startswith(_REFUSED):
            raise PermissionError(f"A PDF worker does not do «{event}».")

    sys.addaudithook(hook)


def _check_open(arguments: tuple[Any, ...], folders: tuple[str, ...]) -> None:
    path, mode, flags = arguments
    if isinstance(path, int):
        return
    writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
    if writes or (mode and set(mode) & set("wax+")):
        raise PermissionError("A PDF worker writes no files.")
    if not os.path.realpath(os.fsdecode(path)).startswith(folders):
        raise PermissionError("A PDF worker reads only its own files.")
