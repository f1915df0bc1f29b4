"""The memory that a program starts with: nothing in it tells what another answered or should have, and it is whole."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections import Counter, defaultdict

import pytest

from sandbox import Call, Checker, CodeTests, Limits, Program, Sandbox, Stdin, Verdict, open_sandbox
from sandbox.shells.memory import Memory

SPY = """
import ctypes, re
def solve(n):
    wanted = re.compile(rb"BEGIN" + rb"([ -~]{SIZE})END")
    for line in open("/proc/self/maps"):
        place, rights, *rest = line.split()
        if rights == "rw-p" and rest[3:] in ([], ["[heap]"]):
            begin, end = (int(each, 16) for each in place.split("-"))
            if found := wanted.search(ctypes.string_at(begin, end - begin)):
                return found[0].decode()
    return ""
"""
IS_EXPECTED = Checker("def check(given, output, expected):\n    return output == expected\n")
SIZES = 50, 800, 3000, 100_000


def _spy(size: int) -> Program:
    return Program(SPY.replace("SIZE", str(size)), "solve")


def _secret(size: int) -> str:
    return f"BEGIN{secrets.token_hex(size // 2)}END"


@pytest.fixture(scope="module")
def lane(best: Sandbox) -> Sandbox:
    """One worker: whoever comes next starts from the memory of the one before."""
    with open_sandbox(best.shell_name) as opened:
        yield opened


def test_an_answer_in_a_conversation_is_nothing_that_the_next_program_finds(lane: Sandbox) -> None:
    for size in SIZES:
        text = _secret(size)
        digest = hashlib.sha256(text.encode()).hexdigest()
        test = "import hashlib\ndef test_it():\n    said = solve(3)\n"
        tests = CodeTests(f"{test}    assert hashlib.sha256(said.encode()).hexdigest() == {digest!r}\n")
        right = f"A, B = {text[30::-1]!r}, {text[:30:-1]!r}\ndef solve(n):\n    return A[::-1] + B[::-1]\n"
        assert lane.judge(Program(right, "solve"), [tests]).all_passed
        assert lane.judge(_spy(size), [tests]).verdicts == (Verdict.WRONG,)


def test_what_a_test_asks_is_nothing_that_the_next_program_finds(lane: Sandbox) -> None:
    for size in SIZES:
        test = CodeTests(f"def test_it():\n    text = {_secret(size)!r}\n    assert solve(text) == len(text)\n")
        assert lane.judge(Program("def solve(text):\n    return len(text)\n", "solve"), [test]).all_passed
        assert lane.run(_spy(size), [Call((size,))])[0].value == ""


def _tell(lane: Sandbox, kind: str, text: str) -> None:
    """Has a program run, more than once, that knows of the text, or meets it."""
    half = len(text) // 2
    source = f"TEXT = {text!r}\ndef solve(n):\n    # {text[:half]} {text}\n    return len(TEXT) + len({text!r})\n"
    match kind:
        case "function" | "batch":
            isolation = "program" if kind == "batch" else "test"
            for _ in range(2):
                lane.judge(
                    Program(source, "solve"),
                    [Call((n,), expected=2 * len(text)) for n in range(3)],
                    isolation=isolation,
                )
        case "traced":
            lane.judge(Program(source, "solve"), [Call((1,), expected=0), Call((2,), expected=0)], trace=True)
        case "script":
            lane.run(Program(f"{source}print(solve(3))\n"), [Stdin("1"), Stdin("2")])
        case "broken":
            lane.run(Program(f"{source}def (\n", "solve"), [Call((1,)), Call((2,))])
        case "tested":
            test = "def test_it():\n    said = solve(3)\n    assert said\n"
            assert lane.judge(Program(source, "solve"), [CodeTests(test), CodeTests(f"{test}\n")]).passed == 2
        case "input":
            lane.run(Program("def solve(x):\n    return len(x)\n", "solve"), [Call((text,)), Call((f"{text}.",))])
        case "inputs":
            calls = [Call((text,)), Call((f"{text}.",))]
            lane.run(Program("def solve(x):\n    return len(x)\n", "solve"), calls, isolation="program")
        case "stdin":
            lane.run(Program("print(len(input()))"), [Stdin(text), Stdin(f"{text}.")])


@pytest.mark.parametrize(
    "kind", ["function", "batch", "traced", "script", "broken", "tested", "input", "inputs", "stdin"]
)
def test_another_program_and_its_inputs_are_nothing_that_the_next_one_finds(lane: Sandbox, kind: str) -> None:
    """A reference or another's sample comes first; who could read it has solved the problem without any skill."""
    for size in SIZES:
        _tell(lane, kind, _secret(size))
        assert lane.run(_spy(size), [Call((f"{kind} {size}",))])[0].value == ""


def test_a_program_holds_its_own_four_files_and_none_of_the_workers(box: Sandbox) -> None:
    """In the run that compiles it as in those that load what that one has left."""
    source = "import os\ndef solve(n):\n    held = []\n    for file in range(256):\n        try:\n"
    source += "            os.fstat(file)\n            held.append(file)\n        except OSError:\n            pass\n    return held\n"
    calls = [Call((n,), expected=[0, 1, 2, 3]) for n in range(3)]
    for isolation in ("test", "program"):
        assert box.judge(Program(f"{source}# {isolation}\n", "solve"), calls, isolation=isolation).all_passed
    said = [each.stdout for each in box.run(f"{source}print(solve(0))\n", [Stdin("1"), Stdin("2")])]
    assert said == ["[0, 1, 2, 3]\n"] * 2


def test_the_compilers_warnings_are_told_by_no_run(lane: Sandbox) -> None:
    """Only the run that compiles could tell them, and which one does depends on the workers."""
    noisy = Program("def solve(n):\n    return n is 3 or '\\d'\n", "solve")
    assert [each.stderr for each in lane.run(noisy, [Call((n,)) for n in range(3)])] == ["", "", ""]


def test_a_program_longer_than_what_it_may_write_runs_again_and_again(lane: Sandbox) -> None:
    long = "def solve(n):\n    return n + 1\n" + "".join(
        f"x_{n} = 'text number {n} {n * 7919}'\n" for n in range(60_000)
    )
    cases = [Call((n,), expected=n + 1) for n in range(3)]
    assert lane.judge(Program(long, "solve"), cases, limits=Limits(output_mb=1)).all_passed


def test_what_a_checker_is_told_is_nothing_that_the_next_program_finds(lane: Sandbox) -> None:
    for size in SIZES:
        case = [Call((3,), expected=_secret(size))]
        honest = f"def solve(n):\n    return 'no idea of {size}'\n"
        assert lane.judge(Program(honest, "solve"), case, compare=IS_EXPECTED).verdicts == (Verdict.WRONG,)
        assert lane.judge(_spy(size), case, compare=IS_EXPECTED).verdicts == (Verdict.WRONG,)


def test_another_test_is_nothing_that_a_program_finds_where_it_shares_its_process_with_one(lane: Sandbox) -> None:
    honest = Program("def solve(n):\n    return len([n])\n", "solve")
    for size in SIZES[1:3]:
        for given in ("[3]", "len"):  # data, for a program that is apart; what cannot travel
            test = CodeTests(f"def test_it():\n    '{_secret(size)}'\n    assert solve({given}) == 1\n")
            assert lane.judge(honest, [test]).all_passed
        (judged,) = lane.judge(_spy(size), [CodeTests("def test_it():\n    assert solve(len) == ''\n")]).judgements
        assert (judged.verdict, judged.integrity) == (Verdict.PASS, "shared")


@pytest.mark.parametrize("trouble", ["die", "nonsense", "late"])
def test_no_worker_hears_of_both_programs_and_checkers(trouble: str) -> None:
    heard, tries = defaultdict[threading.Thread, set[bool]](set), Counter[bytes]()

    def script(body: bytes) -> bytes | str:
        tries[body] += 1
        heard[threading.current_thread()].add(b"expected" in body)
        return trouble if tries[body] == 1 and sum(body) % 19 == 0 else b"true"

    with Sandbox(Memory(script), 2, cache_mb=0) as box:
        checked = [
            box.submit(Program("", "solve"), [Call((n, m), expected="expected") for m in range(3)], compare=IS_EXPECTED)
            for n in range(40)
        ]
        plain = [box.submit(Program("#", "solve"), [Call((n,), expected=True)]) for n in range(100, 140)]
        assert all(each.result(20).all_passed for each in checked + plain)
        assert max(tries.values()) > 1
        assert max(map(len, heard.values())) == 1


def test_a_fault_of_the_machine_is_not_remembered_as_the_programs() -> None:
    tries = Counter[bytes]()

    def script(body: bytes) -> bytes | str:
        tries[body] += 1
        return "die" if tries[body] <= 2 else b"7"

    with Sandbox(Memory(script), 1) as box:
        verdicts = [box.judge(Program("", "solve"), [Call((1,), expected=7)]).verdicts for _ in range(3)]
        assert verdicts == [(Verdict.CRASH,), (Verdict.PASS,), (Verdict.PASS,)]
        assert set(tries.values()) == {3}


def test_who_says_more_than_it_was_asked_changes_nothing_of_what_is_under_way(lane: Sandbox) -> None:
    """Its message is still in the pipe when the rest of its talk comes."""
    talk = "import os\ndef solve(n):\n    for out in range(4, 64):\n        try:\n"
    talk += "            os.write(out, b'\\0\\0\\0\\2{}' + b'R\\0\\0\\0' * 40)\n"
    talk += "        except OSError:\n            pass\n    return n\n"
    began = time.monotonic()
    report = lane.judge(Program(talk, "solve"), [CodeTests("def test_it():\n    n = 3\n    assert solve(n) == n\n")])
    assert report.passed == 0
    assert time.monotonic() - began < 5.0
    assert lane.fault_count == 0


def test_a_long_message_takes_no_longer_than_its_reader(lane: Sandbox) -> None:
    began = time.monotonic()
    tests = CodeTests("def test_it():\n    text = 'a' * 3_000_000\n    assert solve(text) == len(text)\n")
    assert lane.judge(Program("def solve(text):\n    return len(text)\n", "solve"), [tests]).all_passed
    assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("isolation", ["test", "program"])
def test_a_program_has_all_of_its_memory_whatever_another_was_sent(lane: Sandbox, isolation: str) -> None:
    """Pieces of these sizes stay in the C library's heap when they are freed, in the place of programs' memory."""
    needy = Program(f"def solve(n):\n    return len(bytearray(60 << 20))  # {isolation}\n", "solve")
    cases, limits = [Call((1,), expected=60 << 20)], Limits(memory_mb=64)
    pieces = [bytes(n % 5000) for n in range(3000)]
    lane.run(Program("def solve(x):\n    return len(x)\n", "solve"), [Call((pieces,))] * 2, isolation=isolation)
    assert lane.judge(needy, cases, limits=limits).all_passed


def test_a_program_has_all_of_its_memory_whatever_another_was_written_like(lane: Sandbox) -> None:
    long = "def solve(n):\n    return 0\n" + "".join(f"x_{n} = 'text number {n}'\n" for n in range(9000))
    lane.run(Program(long, "solve"), [Call((n,)) for n in range(3)])
    needy = Program("def solve(n):\n    return len(bytearray(61 << 20))\n", "solve")
    assert lane.judge(needy, [Call((1,), expected=61 << 20)], limits=Limits(memory_mb=64)).all_passed


def test_large_inputs_wear_no_worker_out(lane: Sandbox) -> None:
    program = Program("def solve(x):\n    return len(x)\n", "solve")
    lane.run(program, [Call(("",))])
    starts = lane._pool.starts
    lane.run(program, [Call(("x" * 300_000 + str(n),)) for n in range(3)])
    assert lane._pool.starts == starts
