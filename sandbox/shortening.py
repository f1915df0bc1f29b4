"""How much of what a program has written stays in memory once it is judged.

Promises: of an output that fails, and of what is printed beside an answer, the beginning is kept; a right answer is
kept whole, or is no longer than what is expected. So the outcomes of a judged program take about as much memory as its
cases do, and one MB each, however much it wrote. What is cut is `truncated`. Does not promise anything about what a
`Checker` is shown, nor about `run`, whose outcomes are all that its caller asked for, but for an output over its limit.
"""

from __future__ import annotations

from dataclasses import replace

from sandbox.cases import Call, Outcome, Stdin, Verdict
from sandbox.compare import COMPARISONS, Comparison
from sandbox.inside import plain

KEPT_CHARACTERS = 1 << 20
"""Of an output that nobody will compare any more; more than a person reads."""


def beginning(outcome: Outcome) -> Outcome:
    """The outcome with the beginning of what was printed."""
    if len(outcome.stdout) <= KEPT_CHARACTERS:
        return outcome
    return replace(outcome, stdout=outcome.stdout[:KEPT_CHARACTERS], truncated=True)


def shortened(case: Call | Stdin, outcome: Outcome, comparison: Comparison) -> Outcome:
    """What a judgement needs of an outcome: a long one is compared now, and says so where it is wrong.

    A comparison of the caller's own may ask for anything; what it finds right stays as it is.
    """
    if len(outcome.stdout) + len(outcome.answer) <= KEPT_CHARACTERS:
        return outcome
    if outcome.failure is None and not comparison.matches(case, outcome):
        megabytes = (len(outcome.stdout) + len(outcome.answer)) / (1 << 20)
        error = f"wrote {megabytes:.1f} MB, and not the expected answer"
        return replace(beginning(outcome), failure=Verdict.WRONG, error=error, answer=b"", truncated=True)
    if outcome.failure is not None:
        return beginning(outcome)
    return _no_longer_than_expected(case, outcome) if type(comparison) in COMPARISONS else outcome


def _no_longer_than_expected(case: Call | Stdin, outcome: Outcome) -> Outcome:
    """A right answer may be padded with white space that does not count."""
    if isinstance(case, Stdin):
        is_padded = len(outcome.stdout) > len(case.expected) + KEPT_CHARACTERS
        return replace(outcome, stdout=case.expected, truncated=True) if is_padded else outcome
    expected = plain.encode(case.expected)
    if len(outcome.answer) > len(expected) + KEPT_CHARACTERS:
        outcome = replace(outcome, answer=expected, truncated=True)
    return beginning(outcome)
