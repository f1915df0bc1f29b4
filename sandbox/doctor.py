"""`python -m sandbox doctor`: what this machine offers, what was tried and how it went.

Promises: every line comes from an attempt made now; the advice is one command. Does not promise to have tried all.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sandbox import probe
from sandbox.errors import NoSandbox, SandboxFault
from sandbox.ladder import LADDER, ladder, make_shell

_ADVICE = {
    "docker": "apt-get install docker.io && systemctl start docker && python -m sandbox image",
    "bubblewrap": "apt-get install bubblewrap",
    "sandlock": "pip install sandlock",
}


@dataclass
class Examination:
    """One shell on this machine."""

    shell: str
    identity: str = ""
    available: bool = False
    problem: str = ""
    """Why it is not available."""
    findings: list[probe.Finding] = field(default_factory=list)


def examine(name: str) -> Examination:
    """Tries everything on one shell."""
    result = Examination(name)
    try:
        with contextlib.closing(make_shell(name)) as shell:
            result.identity = shell.identity()
            result.findings = probe.probe(shell) + probe.probe_limits(shell)
    except (NoSandbox, SandboxFault) as error:
        result.problem = str(error)
        return result
    result.available = all(finding.holds for finding in result.findings if finding.required)
    return result


def machine() -> dict[str, str]:
    """Facts about the kernel that decide what can be had."""
    return {
        "kernel": platform.release(),
        "machine": platform.machine(),
        "cgroups": "v2" if Path("/sys/fs/cgroup/cgroup.controllers").exists() else "v1 or none",
        "user namespaces": _read("/proc/sys/user/max_user_namespaces"),
        "Landlock ABI": _landlock(),
        "python": platform.python_version(),
    }


def main(options: argparse.Namespace) -> int:
    """Prints the examination; exit status 1 when nothing isolates."""
    examinations = [examine(name) for name in LADDER]
    available = {each.shell for each in examinations if each.available}
    chosen = next((name for name in ladder() if name in available), None)
    better = [each.shell for each in examinations if not each.available]
    stronger = better[:1] if better and (chosen is None or LADDER.index(better[0]) < LADDER.index(chosen)) else []
    advice = _ADVICE[stronger[0]] if stronger and ladder() == LADDER else ""  # who asked for another gets no advice
    if options.json:
        shells = {each.shell: asdict(each) for each in examinations}
        print(json.dumps({"machine": machine(), "shells": shells, "auto": chosen, "advice": advice}))
    else:
        _show(examinations, chosen, advice)
    return 0 if chosen else 1


def _show(examinations: list[Examination], chosen: str | None, advice: str) -> None:
    from rich.table import Table

    from sandbox.terminal import Terminal

    console = Terminal()
    console.print(", ".join(f"{name} [bold]{value}[/]" for name, value in machine().items()), highlight=False)
    table = Table("tried", *(each.shell for each in examinations), title="What isolates here, found by trying")
    tried = list(dict.fromkeys(finding.what for each in examinations for finding in each.findings))
    table.add_row("found", *(each.identity[:40] or "-" for each in examinations))
    for what in tried:
        table.add_row(what, *(_cell(each, what) for each in examinations))
    console.print(table)
    for each in examinations:
        if each.problem:
            console.print(f"[yellow]{each.problem}[/]", highlight=False)
    console.print(f"`auto` takes [bold]{chosen}[/]" if chosen else "[red]`auto` finds nothing and refuses to run[/]")
    if advice:
        console.print(f"For something stronger: [bold]{advice}[/]", highlight=False)


def _cell(examination: Examination, what: str) -> str:
    for finding in examination.findings:
        if finding.what == what:
            return f"[green]holds[/]: {finding.told}" if finding.holds else f"[red]fails[/]: {finding.told}"
    return "-"


def _read(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return "unknown"


def _landlock() -> str:
    try:
        import sandlock
    except ImportError:
        return "unknown"
    return str(sandlock.landlock_abi_version())
