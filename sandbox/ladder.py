"""Chooses the isolation: the best that this machine really offers, never less than was asked for.

Promises: "auto" takes the first of docker, bubblewrap and sandlock that has just proved itself by trying (no network,
no write outside, no view of other processes), and refuses, with the one command that would help, when none has; plain
host execution happens only when "unsafe" is asked for by name. The environment variable SPARRING_SANDBOX says which of
the three is tried first. Does not promise that a probe finds everything: it is a smoke test, the attacks in
tests/sandbox are the proof.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from sandbox import probe
from sandbox.box import Sandbox
from sandbox.errors import NoSandbox, SandboxFault
from sandbox.guess import guess
from sandbox.questions import check_ceiling, check_profile, check_size
from sandbox.shells.shell import Ceiling, Shell

LADDER = ("docker", "bubblewrap", "sandlock")
"""Strongest first."""

NAMES = ("auto", *LADDER, "unsafe")
PREFERENCE = "SPARRING_SANDBOX"
"""The environment variable that says which of these "auto" tries first."""


def ladder() -> tuple[str, ...]:
    """The shells in the order in which "auto" tries them."""
    first = os.environ.get(PREFERENCE, "")
    if first and first not in LADDER:
        raise ValueError(f"{PREFERENCE}={first!r}: says what `auto` tries first; set it to one of {', '.join(LADDER)}")
    return tuple(sorted(LADDER, key=lambda name: name != first))


def make_shell(name: str, ceiling: Ceiling | None = None) -> Shell:
    """The shell of that name; raises `NoSandbox` when its software is not here."""
    makers: dict[str, Callable[[], Shell]] = {
        "docker": lambda: _docker(ceiling),
        "bubblewrap": lambda: _bubblewrap(ceiling),
        "sandlock": lambda: _sandlock(ceiling),
        "unsafe": lambda: _unsafe(ceiling),
    }
    if not isinstance(name, str) or name not in makers:
        known = tuple(makers) if name == "auto" else NAMES  # who opens no sandbox has to name a shell
        hint = guess(name, known, f"choose one of {', '.join(known)}")
        raise ValueError(f"sandbox: expected a known name, got {name!r}; {hint}")
    return makers[name]()


def open_sandbox(
    name: str = "auto",
    workers: int = 1,
    *,
    profile: str = "base",
    ceiling: Ceiling | None = None,
    cache_mb: int = 64,
) -> Sandbox:
    """Opens a sandbox. `name` is "auto" or one of docker, bubblewrap, sandlock, unsafe."""
    check_profile(profile)
    check_ceiling(ceiling)
    check_size(workers, cache_mb)
    if name == "auto":
        shell = _best(ceiling, profile)
    else:
        shell = make_shell(name, ceiling)
        if name == "unsafe":
            print("sandbox: UNSAFE: programs run on this host with your rights; nothing isolates them", file=sys.stderr)
        else:
            _insist(shell, profile)
    return Sandbox(shell, workers, profile, cache_mb)


def _best(ceiling: Ceiling | None, profile: str) -> Shell:
    reasons = []
    for name in ladder():
        try:
            shell = make_shell(name, ceiling)
            _insist(shell, profile)
            return shell
        except NoSandbox as no:
            reasons.append(str(no))
    raise NoSandbox(
        "sandbox: nothing on this machine isolates. "
        + " ".join(f"({reason})" for reason in reasons)
        + " The shortest way: apt-get install bubblewrap. (`python -m sandbox doctor` shows more.)"
    )


def _insist(shell: Shell, profile: str) -> None:
    """Raises `NoSandbox`, having closed the shell, unless it has just proved itself."""
    try:
        findings = probe.probe(shell, profile)
    except (SandboxFault, OSError) as trouble:
        shell.close()
        advice = "; set TMPDIR to a folder that has room" if isinstance(trouble, OSError) else ""
        raise NoSandbox(f"{shell.name}: its worker does not start: {trouble}{advice}") from None
    broken = [finding for finding in findings if finding.required and not finding.holds]
    if broken:
        shell.close()
        raise NoSandbox(f"{shell.name}: it does not isolate here: {'; '.join(finding.told for finding in broken)}")


def _docker(ceiling: Ceiling | None) -> Shell:
    from sandbox.shells.docker import Docker

    return Docker(ceiling)


def _bubblewrap(ceiling: Ceiling | None) -> Shell:
    from sandbox.shells.bubblewrap import Bubblewrap

    return Bubblewrap(ceiling)


def _sandlock(ceiling: Ceiling | None) -> Shell:
    from sandbox.shells.sandlock import Sandlock

    return Sandlock(ceiling)


def _unsafe(ceiling: Ceiling | None) -> Shell:
    from sandbox.shells.unsafe import Unsafe

    return Unsafe(ceiling)
