"""Every escape that anyone thought of, on every shell: none earns more than an honest wrong program."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox import Call, CodeTests, Limits, Program, Report, Sandbox, Stdin, Verdict, open_sandbox

ATTACKS = Path(__file__).parent / "attacks"
LIMITS = Limits(cpu_s=0.07, wall_s=0.3, memory_mb=64, output_mb=1, processes=32)
PATIENT = Limits(cpu_s=0.4, wall_s=4.0, memory_mb=64, output_mb=1, processes=32)
SPARE_S = 20.0
"""What a case may take beyond its limit: on a busy machine much, but not for ever."""
SLOW = re.compile(r"judged \[.*'timeout'.*\], may be")
"""A busy machine makes one of hundreds late, or stops it before it has got anywhere; it has another, longer try."""

INSPECTOR = """
import builtins, fcntl, gc, json, os, random, resource, signal, sys, threading
def solve(n):
    names = [name for name in ("ptrace", "poison", "_poison") if hasattr(builtins, name)]
    limits = [resource.getrlimit(which) for which in (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE)]
    held = [number for number in range(64) if _is_open(number)]
    notes = [fcntl.fcntl(number, each) for number in range(4) for each in (fcntl.F_GETFL, fcntl.F_GETSIG, fcntl.F_GETOWN)]
    handlers = [number for number in range(1, 32) if signal.getsignal(number) not in (0, 1, None)]
    return [
        names, limits, held, notes, handlers, sorted(os.environ), os.listdir("."), os.listxattr("."), os.umask(0), os.nice(0), len(sys.modules),
        sorted(os.sched_getaffinity(0)), gc.isenabled(), threading.active_count(), random.random(), sys.getrecursionlimit(),
        abs(-3), json.dumps([1]), sorted({"b": 1, "a": 2}), n,
    ]
def _is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
"""


@dataclass(frozen=True)
class Attack:
    path: Path
    kind: str
    may: frozenset[Verdict]

    @property
    def source(self) -> str:
        return self.path.read_bytes().decode("utf-8")


def _read(path: Path) -> Attack:
    headers = dict(re.findall(r"^# (kind|class|may): (.+)$", path.read_text("utf-8"), re.MULTILINE))
    return Attack(path, headers["kind"], frozenset(Verdict(word.lower()) for word in headers["may"].split()))


CORPUS = sorted((_read(path) for path in ATTACKS.glob("*.py")), key=lambda attack: attack.path.name)


@pytest.fixture(scope="module")
def canaries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """Secrets in the environment and on the disk of this host, which no program may ever print."""
    in_environment, in_file = (
        f"SPARRING_CANARY_ENV_{secrets.token_hex(8)}",
        f"SPARRING_CANARY_FILE_{secrets.token_hex(8)}",
    )
    os.environ["SPARRING_CANARY_ENV"] = in_environment
    file = tmp_path_factory.mktemp("secrets") / "key"
    file.write_text(in_file)
    file.chmod(0o644)
    yield [in_environment, in_file, "SPARRING_LEAK"]
    del os.environ["SPARRING_CANARY_ENV"]


def test_the_corpus_has_an_idea_for_every_class_of_attack() -> None:
    classes = {re.search(r"^# class: (.+)$", attack.path.read_text("utf-8"), re.MULTILINE)[1] for attack in CORPUS}
    assert len(CORPUS) >= 400
    assert len(classes) >= 30
    assert not any(Verdict.PASS in attack.may for attack in CORPUS)


def test_the_table_of_attacks_names_every_file() -> None:
    table = (ATTACKS / "README.md").read_text("utf-8")
    assert [attack.path.name for attack in CORPUS if f"`{attack.path.name}`" not in table] == []


def test_no_attack_gains_anything(shell_name: str, canaries: list[str]) -> None:
    """Two lanes of one worker each: an attack, then an inspection of the very worker that it attacked."""
    halves = [CORPUS[::2], CORPUS[1::2]]
    with ThreadPoolExecutor(2) as pool:
        complaints = [
            line for lines in pool.map(lambda half: _fight(shell_name, half, canaries), halves) for line in lines
        ]
    assert not complaints, "\n".join(complaints)


def _fight(shell_name: str, attacks: list[Attack], canaries: list[str]) -> list[str]:
    complaints = []
    with open_sandbox(shell_name, workers=1, cache_mb=0) as box:
        fresh = _inspect(box)
        for attack in attacks:
            lines = _attack(box, attack, canaries, LIMITS)
            if lines and all(SLOW.match(line) for line in lines):
                lines = _attack(box, attack, canaries, PATIENT)
            complaints += [f"{attack.path.name}: {line}" for line in lines]
            if (now := _inspect(box)) != fresh:
                complaints.append(f"{attack.path.name}: the next program found {now} instead of {fresh}")
    return complaints


def _attack(box: Sandbox, attack: Attack, canaries: list[str], limits: Limits) -> list[str]:
    began = time.monotonic()
    token = f"SPARRING_TOKEN_{secrets.token_hex(8)}"
    report = _judge(box, attack, token, limits)
    return list(_complaints(attack, report, time.monotonic() - began, [*canaries, token], limits))


def _judge(box: Sandbox, attack: Attack, token: str, limits: Limits) -> Report:
    if attack.kind == "stdin":
        return box.judge(Program(attack.source), [Stdin("3\n", expected=token)], limits=limits)
    program = Program(attack.source, "solve")
    if attack.kind == "call":
        return box.judge(program, [Call((3,), expected=token)], limits=limits)
    tests = [
        CodeTests(f"wanted = {token!r}\nassert solve(3) == wanted\n"),
        CodeTests(f"def check(candidate):\n    wanted = {token!r}\n    assert candidate(3) == wanted\n"),
    ]
    return box.judge(program, tests, limits=limits)


def _complaints(
    attack: Attack, report: Report, seconds: float, secrets_of_ours: list[str], limits: Limits
) -> Iterator[str]:
    if not set(report.verdicts) <= attack.may:
        told = [judgement.outcome.error[:120] for judgement in report.judgements]
        yield f"judged {[str(verdict) for verdict in report.verdicts]}, may be {sorted(map(str, attack.may))}: {told}"
    if seconds > (limits.wall_for_run() + SPARE_S) * report.total:
        yield f"took {seconds:.1f} s for {report.total} cases"
    for judgement in report.judgements:
        said = judgement.outcome.stdout + judgement.outcome.stderr + judgement.outcome.answer.decode("latin-1")
        for secret in secrets_of_ours:
            if secret in said:
                yield f"found {secret}"


def _inspect(box: Sandbox) -> object:
    (outcome,) = box.run(Program(INSPECTOR, "solve"), [Call((7,))])
    return outcome.value if outcome.failure is None else outcome.error
