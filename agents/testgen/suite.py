"""Generated tests, the ones that were turned down and why, and what it all took.

Promises: plain records that are written to JSON and read back the same. `confidence` is what agreement means
by the calibration in use, not the bare share of votes; a test that nobody checked says so and is never
certain. Does not promise that a test is right: `measure.py` finds out where references can tell.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from agents.models import Reply
from envs.judging import own_inputs
from envs.problems import Case, Problem
from envs.problems.plain import decode, encode, key

WRITTEN, EDGE = "written", "edge"
"""Where a test comes from: the model thought of it, or its input is a mandatory edge case."""

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class GeneratedTest:
    """An input with the answer that the model holds to be right."""

    args: tuple[Any, ...]
    expected: Any
    category: str = "basic"
    intent: str = ""
    """What the test is for, in the model's words."""
    origin: str = WRITTEN
    votes: int = 1
    """How many answers to this input were asked for."""
    agreeing: int = 1
    """How many of them are this one."""
    confidence: float = 0.5
    """The chance that the answer is right, as far as is known."""
    first: Any = None
    """The first answer that was given, which the vote may have overruled."""

    @property
    def share(self) -> float:
        """Of the votes, how many agree."""
        return self.agreeing / self.votes

    @property
    def checked(self) -> bool:
        """Whether more than one answer was asked for."""
        return self.votes > 1

    @property
    def case(self) -> Case:
        """The test as a case of a problem."""
        return Case(self.args, self.expected, self.category, self.intent)


@dataclass(frozen=True, slots=True)
class Rejection:
    """A test that was turned down."""

    reason: str
    """unreadable, duplicate, not allowed, no agreement, or fault (of the model, not of the test)."""
    detail: str = ""
    test: GeneratedTest | None = None
    """What it would have been, when it could be read."""


@dataclass(frozen=True, slots=True)
class Spending:
    """What a suite took: replies that were read from a cache count as when they were paid for."""

    replies: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0
    seconds: float = 0.0
    """Model latency, summed over replies."""

    def plus(self, replies: Sequence[Reply]) -> Spending:
        return replace(
            self,
            replies=self.replies + len(replies),
            prompt_tokens=self.prompt_tokens + sum(reply.usage.prompt_tokens for reply in replies),
            completion_tokens=self.completion_tokens + sum(reply.usage.completion_tokens for reply in replies),
            cost_usd=self.cost_usd + sum(reply.cost_usd for reply in replies),
            seconds=self.seconds + sum(reply.latency_s for reply in replies),
        )


@dataclass(frozen=True)
class Suite:
    """The tests that a model made for a problem."""

    problem: str
    """The problem's id."""
    model: str
    """Which model wrote the tests."""
    tests: tuple[GeneratedTest, ...] = ()
    rejections: tuple[Rejection, ...] = ()
    wanted: int = 0
    """How many tests were asked for, edge cases aside."""
    edges: int = 0
    """How many mandatory edge inputs there are."""
    rungs: tuple[str, ...] = ()
    """What each round of the retry ladder came to."""
    against: str = ""
    """A fingerprint of the program that the tests are meant to expose; empty for none."""
    simulated: bool = False
    """A scripted stand-in wrote them."""
    spending: Spending = field(default_factory=Spending)

    @property
    def cases(self) -> tuple[Case, ...]:
        """The tests as cases, to judge programs by."""
        return tuple(test.case for test in self.tests)

    @property
    def categories(self) -> dict[str, int]:
        """Category -> how many tests."""
        return dict(Counter(test.category for test in self.tests))

    @property
    def reasons(self) -> dict[str, int]:
        """Reason -> how many tests were turned down for it."""
        return dict(Counter(rejection.reason for rejection in self.rejections))

    @property
    def voted(self) -> tuple[GeneratedTest, ...]:
        """Every test that was voted on, those that found no agreement among them."""
        down = [each.test for each in self.rejections if each.reason == "no agreement" and each.test is not None]
        return (*self.tests, *down)

    def enough(self, least: int = 3) -> bool:
        """Whether there are tests enough to repair a program by."""
        return len(self.tests) >= least


def usable(tests: Iterable[GeneratedTest], problem: Problem) -> list[GeneratedTest]:
    """The tests whose inputs are not those of the problem's own cases: only these may be shown to a repairer."""
    known = own_inputs(problem)
    return [test for test in tests if key(test.args) not in known]


def suite_to_record(suite: Suite) -> dict[str, Any]:
    """The suite as JSON data."""
    record = asdict(suite) | {"schema": SCHEMA}
    record["tests"] = [_test_to_record(test) for test in suite.tests]
    record["rejections"] = [
        {"reason": each.reason, "detail": each.detail, "test": each.test and _test_to_record(each.test)}
        for each in suite.rejections
    ]
    return record


def suite_from_record(record: Mapping[str, Any]) -> Suite:
    """The suite that `suite_to_record` wrote; anything else is a ValueError."""
    fields = dict(record)
    if fields.pop("schema", None) != SCHEMA:
        raise ValueError(f"suite: expected schema {SCHEMA}; generate the suite again")
    try:
        fields["tests"] = tuple(_test_from_record(test) for test in fields["tests"])
        fields["rejections"] = tuple(
            Rejection(each["reason"], each["detail"], each["test"] and _test_from_record(each["test"]))
            for each in fields["rejections"]
        )
        fields["rungs"] = tuple(fields["rungs"])
        fields["spending"] = Spending(**fields["spending"])
        return Suite(**fields)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"suite: not a suite's record ({error!r}); generate the suite again") from None


def _test_to_record(test: GeneratedTest) -> dict[str, Any]:
    record = {name: getattr(test, name) for name in test.__dataclass_fields__}
    args = [encode(arg) for arg in test.args]
    return record | {"args": args, "expected": encode(test.expected), "first": encode(test.first)}


def _test_from_record(record: Mapping[str, Any]) -> GeneratedTest:
    args = tuple(decode(arg) for arg in record["args"])
    answers = {name: decode(record[name]) for name in ("expected", "first")}
    return GeneratedTest(**{**record, **answers, "args": args})
