"""What an answer may cost this side: a cheap program cannot have its judge work for minutes, and is not misjudged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from sandbox import (
    Call,
    Equal,
    Exact,
    Floats,
    Limits,
    Lines,
    Outcome,
    Program,
    Sandbox,
    Stdin,
    Tokens,
    Unordered,
    Verdict,
)
from sandbox import cases as records
from sandbox.compare import Comparison
from sandbox.inside import plain
from sandbox.jobs import Job
from sandbox.results import Parts, of_batch, of_run
from sandbox.shells.memory import Memory
from sandbox.shortening import KEPT_CHARACTERS, shortened

PROGRAM = Program("", "solve")
MANY = 5000
LONG = KEPT_CHARACTERS + 2_000_000
CASES = [Call((number,), expected=7) for number in range(3)]


class Word(str):
    """A text that travels as a key like any other value."""

    __slots__ = ()


def _value(comparison: Comparison, expected: object, answer: bytes) -> bool:
    return comparison.matches(Call((), expected=expected), Outcome(None, answer=answer))


def _text(comparison: Comparison, expected: str, got: str) -> bool:
    return comparison.matches(Stdin("", expected=expected), Outcome(None, stdout=got))


def _refuse(*given: object) -> NoReturn:
    raise AssertionError("it was taken apart")


@pytest.fixture
def nothing_is_decoded(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setattr(plain, "decode", _refuse)
        yield


@pytest.mark.usefixtures("nothing_is_decoded")
@pytest.mark.parametrize("comparison", [Exact(), Equal(), Floats(), Unordered()])
def test_an_answer_of_far_more_parts_than_the_expected_one_is_wrong_as_it_stands(comparison: Comparison) -> None:
    for item in (b"[],", b'{"t":[]},', b"1,", b"NaN,"):
        assert not _value(comparison, [1, 2], b"[" + item * MANY + b"0]")


@pytest.mark.usefixtures("nothing_is_decoded")
@pytest.mark.parametrize("comparison", [Exact(), Equal(), Floats(), Unordered()])
def test_the_very_bytes_of_the_expected_answer_are_right_as_they_stand(comparison: Comparison) -> None:
    expected = [[number] for number in range(MANY)]
    assert _value(comparison, expected, plain.encode(expected))


@pytest.mark.parametrize(
    ("comparison", "expected", "got"),
    [(Equal(), [0] * MANY, [0j] * MANY), (Equal(), dict.fromkeys(map(str, range(MANY)), 1),
      {Word(key): 1 + 0j for key in range(MANY)}), (Equal(), [1] * MANY, [1.0] * MANY),
     (Exact(), {(n, n) for n in range(MANY)}, {(n, n) for n in reversed(range(MANY))}),
     (Exact(), "[],{" * MANY, "[],{" * MANY), (Exact(), [0.0] * MANY, [-0.0] * MANY),
     (Floats(), [1] * MANY, [1.0] * MANY), (Unordered(), list(range(MANY)), list(reversed(range(MANY))))],
    ids=range(8),
)  # fmt: skip
def test_right_answers_of_any_size_and_spelling_stay_right(comparison: Comparison, expected: Any, got: Any) -> None:
    assert _value(comparison, expected, plain.encode(got))


@pytest.mark.parametrize("comparison", [Lines(), Tokens(), Floats(), Unordered()])
def test_a_text_of_far_more_words_or_lines_is_not_taken_apart(comparison: Comparison) -> None:
    class Counted(str):
        """Tells of what it was taken apart into."""

        __slots__ = ()

        def split(self, sep: Any = None, maxsplit: Any = -1) -> list[str]:
            parts = super().split(sep, maxsplit)
            assert len(parts) < 10, "it was taken apart"
            return parts

        def rstrip(self, chars: str | None = None) -> Counted:
            return Counted(super().rstrip(chars))

    assert not _text(comparison, "5", Counted("ab\n" * MANY))
    assert _text(comparison, "5\n6", Counted("5\n6" + "\n" * MANY))


@pytest.mark.parametrize(
    ("comparison", "expected", "got", "matches"),
    [(Lines(), "", "\n \n", True), (Lines(), "\n", "", True), (Lines(), "a", "a\n\n\t\n", True),
     (Lines(), "a\n\nb", "a\nb", False), (Lines(), "a\nb", "a \nb\t\n", True), (Lines(), " a", "a", False),
     (Tokens(), "", " \n", True), (Tokens(), "", "a", False), (Tokens(), "a b", "a b c", False),
     (Tokens(), "a b", "a\nb \n", True), (Tokens(), "a b", "a", False), (Floats(), "1 2", "1.0 2 3", False),
     (Floats(), "1 2", " 1.0 2 ", True), (Unordered(), "a\nb\n", "b \na\n\n", True),
     (Unordered(), "a\nb", "a\n\nb", False), (Unordered(), "a\na", "a\nb", False), (Unordered(), "", "\n", True)],
)  # fmt: skip
def test_white_space_counts_as_it_did(comparison: Comparison, expected: str, got: str, matches: bool) -> None:
    assert _text(comparison, expected, got) is matches


def test_a_value_of_too_many_parts_is_not_rebuilt_and_long_texts_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_VALUES", 1000)
    for answer in (b"[" + b"[]," * 101 + b"0]", b"[" + b"1," * 1001 + b"0]", b"[" + b'"",' * 1001 + b"0]"):
        with pytest.raises(plain.NotPlain, match="at most 1,000 values"):
            _ = Outcome(None, answer=answer).value
    told = ["[,{" * MANY, '\\"[,' * MANY, "\\", "[" * MANY]
    assert Outcome(None, answer=plain.encode(told)).value == told


@pytest.mark.parametrize(
    ("comparison", "expected", "printed", "verdict", "kept"),
    [(Lines(), "5", "5" + "\n" * LONG, Verdict.PASS, "5"), (Tokens(), "5", " " * LONG + "5", Verdict.PASS, "5"),
     (Exact(), "x" * LONG, "x" * LONG, Verdict.PASS, "x" * LONG),
     (Exact(), "x" * KEPT_CHARACTERS, "x" * LONG, Verdict.WRONG, "x" * KEPT_CHARACTERS),
     (Lines(), "x", "x" * LONG, Verdict.WRONG, "x" * KEPT_CHARACTERS), (Lines(), "x", "y", None, "y")],
    ids=range(6),
)  # fmt: skip
def test_what_a_judged_script_has_printed_takes_about_as_much_memory_as_what_was_expected(
    comparison: Comparison, expected: str, printed: str, verdict: Verdict | None, kept: str
) -> None:
    """Its beginning may be what was expected; it is wrong all the same."""
    case, outcome = (
        Stdin("", expected=expected),
        shortened(Stdin("", expected), Outcome(None, stdout=printed), comparison),
    )
    assert (outcome.stdout, outcome.failure) == (kept, verdict if verdict is Verdict.WRONG else None)
    assert outcome.truncated is (len(kept) < len(printed))
    assert outcome.failure is not None or comparison.matches(case, outcome) is (verdict is Verdict.PASS)


def test_what_is_printed_and_answered_too_long_is_kept_in_part() -> None:
    class Same(Lines):
        """A comparison of the caller's own."""

        def matches(self, case: object, outcome: Outcome) -> bool:
            return len(outcome.stdout) == LONG

    case, padded = Call((), expected=5), b" " * LONG + b"5"
    right = shortened(case, Outcome(None, answer=padded, stdout="x" * LONG), Exact())
    assert (right.answer, len(right.stdout), right.failure) == (b"5", KEPT_CHARACTERS, None)
    wrong = shortened(case, Outcome(None, answer=padded + b"0"), Exact())
    assert (wrong.answer, wrong.failure) == (b"", Verdict.WRONG)
    failed = shortened(case, Outcome(Verdict.EXCEPTION, stdout="x" * LONG), Exact())
    assert (len(failed.stdout), failed.failure) == (KEPT_CHARACTERS, Verdict.EXCEPTION)
    assert len(shortened(Stdin("", expected="any"), Outcome(None, stdout="x" * LONG), Same()).stdout) == LONG


def test_all_that_a_program_has_written_is_not_in_memory_at_once_and_no_later_question_is_answered_by_a_part() -> None:
    with Sandbox(Memory(lambda body: b" " * LONG + b"7"), 1) as box:
        assert sum(len(each.outcome.answer) for each in box.judge(PROGRAM, CASES).judgements) == len(CASES)
        wrong = [Call(case.args, expected=8) for case in CASES]
        fresh = box.judge(PROGRAM, wrong).judgements
        assert [len(outcome.answer) for outcome in box.run(PROGRAM, CASES)] == [LONG + 1] * len(CASES)
        known = box.judge(PROGRAM, wrong).judgements
        assert [(each.outcome.failure, each.outcome.answer, each.outcome.error) for each in known] == [
            (each.outcome.failure, each.outcome.answer, each.outcome.error) for each in fresh
        ]


def test_inputs_of_one_batch_share_what_was_printed() -> None:
    case = Call((), expected=5)
    job = Job(PROGRAM, [b""] * 3, Limits(), batch=True, shorten=lambda number, each: shortened(case, each, Exact()))
    for _ in job.payloads:
        job.accept(Outcome(None, answer=b"5", stdout="x" * LONG))
    assert len({id(outcome.stdout) for outcome in job.outcomes}) == 1


def test_of_what_a_program_prints_without_end_the_beginning_is_kept(best: Sandbox) -> None:
    (outcome,) = best.run("while True: print('x' * 10**6)", [Stdin("")], limits=Limits(output_mb=3))
    assert (outcome.failure, outcome.truncated, len(outcome.stdout)) == (Verdict.OUTPUT, True, KEPT_CHARACTERS)


def _parts(answer: bytes) -> Parts:
    return Parts.parse(b"0 0 1000 1000 1024 0 %d 0 0 0\n" % len(answer) + answer)


@pytest.mark.parametrize(
    ("said", "failure", "error", "line"),
    [(b'ce["A","%b",1]' % (b"x" * 9000), Verdict.EXCEPTION, "A: " + "x" * 2000, 1),
     (b'ce["%b","",1]' % (b"A" * 9000), Verdict.EXCEPTION, "A" * 2000, 1),
     (b'ce["A","b",%b]' % (b"9" * 4000), Verdict.EXCEPTION, "A: b", 0),
     (b'ce["A","b",-1]', Verdict.EXCEPTION, "A: b", 0),
     (b's["bad",%b]' % (b"9" * 4000), Verdict.SYNTAX, "SyntaxError: bad (line 0)", 0),
     (b's["bad",3]', Verdict.SYNTAX, "SyntaxError: bad (line 3)", 3),
     (b"cn[" + b"[]," * 9000 + b"0]", Verdict.INVALID, str([[]] * 2000)[:2000], 0),
     (b"cn[" + b"[]," * 90_000 + b"0]", Verdict.CRASH, "ended without an answer", 0),
     (b'cm"no solve"', Verdict.MISSING, "no solve", 0)],
    ids=range(9),
)  # fmt: skip
def test_what_a_program_says_of_its_end_is_cut(said: bytes, failure: Verdict, error: str, line: int) -> None:
    outcome = of_run(PROGRAM, Limits(), _parts(said))
    assert (outcome.failure, outcome.error, outcome.line) == (failure, error, line)
    if said[:1] == b"c":
        whole = b"c" + (len(said) - 1).to_bytes(4, "big") + said[1:]
        (in_a_batch,) = of_batch(PROGRAM, Limits(), _parts(whole), 1)
        assert (in_a_batch.failure, in_a_batch.error, in_a_batch.line) == (failure, error, line)
