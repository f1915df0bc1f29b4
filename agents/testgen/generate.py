"""Tests from a problem's statement, by a model: a plan, tests, independent votes, edge cases, and a retry ladder.

    generator = TestGenerator(open_model("gpt-4o"), Settings(), SuiteStore("suites"))
    suite = await generator.suite(problem)                     # once for each problem, then from the store
    suite = await generator.suite(problem, code=program)       # tests meant to expose this program

Promises: votes on an input are different draws of the model (each has its own sample number, so no cache makes them
one), and see neither the proposed answer nor a program; with references or without, nothing but the statement,
signature, visible examples and input rules of a problem reaches a model that reads. A suite that met a fault of the
model is not kept; one that is asked for while it is being made is waited for. Does not promise that a suite is right
or large: look at `confidence` and `enough()`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from agents.models import ChatModel, ModelFault, Prompt, Reply
from agents.models.chat import identity_of
from agents.models.server import ServerModel
from agents.testgen.drafts import Draft
from agents.testgen.edges import edge_inputs
from agents.testgen.ladder import Rung
from agents.testgen.plans import Planned, read_plan, spread
from agents.testgen.prompts import answer_prompt, plan_prompt, write_prompt
from agents.testgen.settings import Settings
from agents.testgen.store import SuiteStore, fingerprint
from agents.testgen.suite import EDGE, GeneratedTest, Suite, usable
from agents.testgen.votes import Calibration, Tally, tally
from envs.problems import Problem
from envs.problems.inputs import Input
from envs.problems.plain import key
from envs.text import Misread, read_test
from sandbox import Sandbox

log = logging.getLogger(__name__)


class TestGenerator:
    """Makes suites with one model."""

    __test__ = False
    """Not a class of tests: pytest would collect it by its name."""

    def __init__(
        self,
        model: ChatModel,
        settings: Settings | None = None,
        store: SuiteStore | None = None,
        calibration: Calibration | None = None,
        box: Sandbox | None = None,
    ):
        self.model = model
        self.settings = settings or Settings()
        self.store = store
        self.calibration = calibration or Calibration()
        self.box = box
        self._turns: WeakValueDictionary[Path, asyncio.Lock] = WeakValueDictionary()
        """Where a suite will be -> whoever makes it holds the lock; gone with the last who asks for it."""
        self.read: set[str] = set()
        """The problems whose suites were in the store."""

    async def suite(self, problem: Problem, code: str = "") -> Suite:
        """The tests of a problem, or those that are meant to expose a program."""
        if self.store is None:
            return (await self._make(problem, code))[0]
        path = self.store.path(problem, identity_of(self.model), self.settings.fingerprint, code)
        turn = self._turns.setdefault(path, asyncio.Lock())
        async with turn:
            kept = self.store.get(path)
            if kept is not None:
                self.read.add(problem.id)
            else:
                kept, faults = await self._make(problem, code)
                if not faults:
                    self.store.put(path, kept)
            return kept

    async def _make(self, problem: Problem, code: str) -> tuple[Suite, int]:
        """A new suite, and how many faults of the model there were."""
        draft = Draft(problem, code, self.box, known={key(case.args) for case in problem.visible})
        found = await asyncio.to_thread(edge_inputs, problem, self.box, self.settings.edges)
        edges = [args for args in found if key(args) not in draft.known]
        draft.mandatory = {key(args) for args in edges}
        last: Exception | None = None
        for number, rung in enumerate(self.settings.ladder):
            try:
                await self._round(draft, rung, number)
                await self._edges(draft, edges, rung)
                outcome = "enough" if self._enough(draft) else "too few"
            except (ModelFault, TimeoutError) as error:
                draft.faults, last = draft.faults + 1, error
                outcome = str(error) or "no answer in time"
            draft.rungs.append(f"{rung.tests} tests, {rung.checks} checks: {outcome}")
            if self._enough(draft):
                break
            log.info("%s: round %d: %s", problem.id, number + 1, outcome)
        if not draft.tests and last is not None:
            raise ModelFault(f"{problem.id}: no tests: {str(last) or 'no answer in time'}")
        return self._finished(draft), draft.faults

    def _enough(self, draft: Draft) -> bool:
        return len(usable(draft.tests, draft.problem)) >= self.settings.least

    def _finished(self, draft: Draft) -> Suite:
        return Suite(
            draft.problem.id,
            self.model.name,
            tuple(draft.tests),
            tuple(draft.rejections),
            self.settings.ladder[0].tests,
            len(draft.mandatory),
            tuple(draft.rungs),
            fingerprint(draft.code),
            draft.simulated,
            draft.spending,
        )

    async def _round(self, draft: Draft, rung: Rung, number: int) -> None:
        """Plans and writes tests one after the other, each knowing those before it; then votes on all at once."""
        wanted = spread(rung.tests)
        [reply] = await self._ask(draft, plan_prompt(draft.problem, wanted, draft.code), rung, number)
        plan, flaw = read_plan(reply.text, wanted)
        if flaw:
            draft.rungs.append(f"round {number + 1}: {flaw}")
        written: list[GeneratedTest] = []
        fault: ModelFault | TimeoutError | None = None
        try:
            for planned in plan:
                test = await self._write(draft, planned, [*draft.tests, *written], rung, number)
                if test is not None:
                    written.append(test)
        except (ModelFault, TimeoutError) as error:  # it does not undo what was written before
            fault = error
        votes = [self._vote(draft, test.args, [test.expected], rung) for test in written]
        self._settle(draft, written, await asyncio.gather(*votes, return_exceptions=True))
        if fault is not None:
            raise fault

    def _settle(self, draft: Draft, tests: Sequence[GeneratedTest], results: Sequence[Tally | BaseException]) -> None:
        """Decides each test by its votes; a fault turns down the one it met, and is raised when all are decided."""
        faults = [result for result in results if isinstance(result, BaseException)]
        for fault in faults:
            if not isinstance(fault, ModelFault | TimeoutError):
                raise fault
        for test, result in zip(tests, results, strict=True):
            if isinstance(result, Tally):
                draft.decide(test, result, self.settings.threshold, self.calibration)
            else:
                draft.known.discard(key(test.args))
                draft.reject("fault", str(result) or "no answer in time", test)
        if faults:
            raise faults[0]

    async def _write(
        self, draft: Draft, planned: Planned, there: Sequence[GeneratedTest], rung: Rung, number: int
    ) -> GeneratedTest | None:
        """One test; None when no try gave one."""
        complaint = ""
        for attempt in range(self.settings.tries):
            prompt = write_prompt(
                draft.problem, planned.category, planned.intent, there, frozenset(draft.known), draft.code, complaint
            )
            [reply] = await self._ask(draft, prompt, rung, number * self.settings.tries + attempt)
            found = await asyncio.to_thread(draft.read, reply, planned.category, planned.intent)
            if not isinstance(found, str):
                return found
            complaint = found
        return None

    async def _edges(self, draft: Draft, inputs: Sequence[Input], rung: Rung) -> None:
        """Votes on the mandatory inputs that no test has yet."""
        fresh = [args for args in inputs if key(args) not in draft.known]
        draft.known |= {key(args) for args in fresh}
        tests = [GeneratedTest(args, None, "edge", "a mandatory edge case", EDGE) for args in fresh]
        votes = [self._vote(draft, args, [], rung) for args in fresh]
        self._settle(draft, tests, await asyncio.gather(*votes, return_exceptions=True))

    async def _vote(self, draft: Draft, args: Input, own: list[Any], rung: Rung) -> Tally:
        """The vote on an input: what the writer said, and answers by others until there are as many as asked for."""
        more = max(rung.checks, 1) - len(own)
        if more < 1:
            return tally(own, printed=draft.problem.kind == "stdin")
        replies = await self._ask(draft, answer_prompt(draft.problem, args), rung, 0, more)
        answers = [read_answer(draft.problem, args, reply.text) for reply in replies]
        good = [answer[0] for answer in answers if answer]
        return tally([*own, *good], len(answers) - len(good), draft.problem.kind == "stdin")

    async def _ask(self, draft: Draft, prompt: Prompt, rung: Rung, first_sample: int, n: int = 1) -> list[Reply]:
        async with asyncio.timeout(self._patience_s(rung)):
            replies = await self.model.complete(prompt, self.settings.sampling(first_sample, n))
        draft.pay(replies)
        return replies

    def _patience_s(self, rung: Rung) -> float | None:
        """The time limit of a call; None for a model on a server, which has one of its own for each try."""
        model: Any = self.model
        while hasattr(model, "model"):  # under a meter, a cache, a budget
            model = model.model
        return None if isinstance(model, ServerModel) else rung.patience_s


def read_answer(problem: Problem, args: Input, text: str) -> list[Any]:
    """The answer that a reply gives to an input, in a list; empty when it gives none, or one to another input."""
    found = read_test(text, problem.kind, problem.entry, problem.signature)
    if isinstance(found, Misread) or not found.answered:
        return []
    same = found.args == args or (problem.kind == "stdin" and str(found.args[0]).split() == str(args[0]).split())
    return [found.expected] if same else []
