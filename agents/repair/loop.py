"""The repair of one program: first program, tests, attempts, and the hidden cases at the end.

Promises: the program that is reported was executed on every hidden case, whichever attempt it came from; the next
attempt goes on from the best so far (or from where the policy says) and a worse one is dropped; hidden cases decide
nothing but the score; an attempt whose model or machine failed is tried again and then raises, it is never a failed
test. Does not promise that tests written by a model are right: the gap between tests and hidden cases is reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.models import ModelFault, ModelRefused
from agents.repair.judging import Court, Score
from agents.repair.makers import Made, Maker
from agents.repair.policies import Plan, Policy, Step
from agents.repair.remarks import other_kind, why
from agents.repair.settings import RepairSettings
from agents.repair.tasks import HIDDEN, Task
from agents.repair.tree import Node, Tree
from agents.testgen import Suite, TestGenerator
from agents.testgen.suite import usable
from envs.problems import Case
from envs.problems.plain import key
from envs.repair.rewards import delta
from envs.repairer.strategies import STRATEGIES
from sandbox import SandboxFault

TRIES = 2
"""An attempt that met a fault of a model or machine is made so often."""
EPSILON = 1e-9


@dataclass
class Kit:
    """What all problems of a run share."""

    settings: RepairSettings
    court: Court
    maker: Maker
    policy: Policy
    generator: TestGenerator | None = None
    """None: tests are the visible ones alone."""
    harder: int = 0
    """When a program passes all tests, new ones are made against it, so many times."""


@dataclass
class Course:
    """One program's repair."""

    task: Task
    kit: Kit
    number: int
    """The task's place in the run."""
    notes: list[str] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    """Programs that the repairer has judged."""
    suite: Suite | None = None
    path: str = "repair"
    """basic, repair, or none when nothing was attempted."""
    ended: str = ""
    faults: int = 0
    """Of models and machines, overcome ones included."""
    told: str = ""
    own: int = 0
    """So many of the shown tests, the first ones, are the problem's own; the others are generated."""
    began: Score = field(default_factory=lambda: Score(0, 0))
    """What the program that was repaired made of the first generated tests."""

    async def run(self) -> dict[str, Any]:
        """Repairs; returns the record."""
        self.notes += self.task.notes
        problem, court = self.task.problem, self.kit.court
        first = await self._first()
        tests: Sequence[Case] = problem.visible
        self.tree, self.own = await self._grown(first, tests), len(tests)
        meant = other_kind(problem, self.tree.root.report) if self.task.program else ""
        start = await court.score(problem, first)
        if self._easy():
            await self._basic()
        if not self.ended:
            await self._repair(await self._tests())
        best = self.tree.best
        final = start if best.source == first else await court.score(problem, best.source)
        said = [each for each in (meant, why(self.task, self.tree, start, final)) if each]
        return self._record(first, start, best, final) | {"remarks": said}

    # Beginning.

    async def _first(self) -> str:
        """The program that was given, or the best of those that the model writes."""
        if self.task.program:
            return self.task.program
        made = await self.kit.maker.write(self.task.problem, self.kit.settings.initial.n, 0)
        sources = list(dict.fromkeys(each.source for each in made if each.source is not None))
        if not sources:
            self.notes.append(f"no first program could be read: {made[0].told}")
            return ""
        problem = self.task.problem
        tried = [await self.kit.court.try_out(problem, each, problem.visible, (), False) for each in sources]
        ranks = [marks.rank for _, marks in tried]
        return sources[ranks.index(max(ranks))]

    async def _grown(self, source: str, shown: Sequence[Case], weights: Sequence[float] = ()) -> Tree:
        """A tree of one program."""
        court, trace = self.kit.court, self.kit.policy.trace
        report, marks = await court.try_out(self.task.problem, source, shown, weights, trace)
        return Tree([Node(0, source, marks, report)], shown, getattr(getattr(self, "tree", None), "attempts", 0))

    async def _tests(self) -> tuple[list[Case], list[float]]:
        """The tests to repair by, and the confidence in each."""
        kit, problem = self.kit, self.task.problem
        visible = [] if kit.settings.tests.source == "generated" else list(problem.visible)
        if kit.generator is None:
            return visible, [1.0] * len(visible)
        try:
            if not problem.statement.strip():
                raise ModelRefused("there is no statement to make tests from")
            self.suite = await kit.generator.suite(problem)
        except ModelRefused as refusal:
            if type(refusal) is not ModelRefused:  # a key that is refused concerns the whole run
                raise
            self.notes.append(f"no generated tests: {refusal}")
            return visible, [1.0] * len(visible)
        except (ModelFault, SandboxFault) as fault:
            if not visible:
                raise
            self.faults += 1
            self.notes.append(f"no generated tests: {fault}")
            return visible, [1.0] * len(visible)
        made = usable(self.suite.tests, problem)
        return visible + [test.case for test in made], [1.0] * len(visible) + [test.confidence for test in made]

    # Repairing.

    def _easy(self) -> bool:
        """Whether some of the problem's own tests fail, and not many."""
        route, best = self.kit.settings.route, self.tree.best
        return route.enabled and best.share > route.threshold and bool(self.tree.shown) and not self._good(best)

    async def _basic(self) -> None:
        """One prompt by the default strategy and the problem's own tests."""
        self.path = "basic"
        await self._attempt(Step(self.tree.best, "default"))
        if self._good(self.tree.best):
            self.ended = "solved"

    async def _repair(self, tests: tuple[list[Case], list[float]]) -> None:
        """Attempts until the tests pass or the attempts are spent; after tests that pass there may be harder ones."""
        shown, weights = tests
        self.path = "repair"
        generated = self.kit.settings.tests.source == "generated"
        if len(shown) < (self.kit.settings.tests.least if generated else 1):
            self.path, self.ended = "none", "too few tests"
            return
        self.tree = await self._grown(self.tree.best.source, shown, weights)
        self.own = 0 if generated else self.own
        self.began = self._on_generated(self.tree.root)
        for _ in range(1 + self.kit.harder):
            if not self._good(self.tree.best) and not await self._attempts():
                self.ended = "attempts"
                return
            if not await self._harder():
                break
        self.ended = "solved" if self._good(self.tree.best) else "attempts"
        if not self.tree.attempts and self.ended == "solved":
            self.path, self.ended = "none", "tests too easy"

    async def _attempts(self) -> bool:
        """Attempts until one is good; whether there was one."""
        self.known.add(self.tree.root.source)
        plan, attempts = self.kit.policy.start(self.number), self.kit.settings.attempts
        if self.kit.policy.name == "search":
            attempts = min(attempts, self.tree.attempts + 1)  # one search tries all there is
        while self.tree.attempts < attempts:
            step = plan.choose(self.tree, self.tree.attempts / self.kit.settings.attempts)
            await self._attempt_and_learn(step, plan)
            if self._good(self.tree.best):
                return True
        return False

    async def _harder(self) -> bool:
        """Adds tests that are made against the best program, which passes all others; whether there are any."""
        kit, best = self.kit, self.tree.best
        if kit.generator is None or not kit.harder or self.suite is None:
            return False
        try:
            suite = await kit.generator.suite(self.task.problem, best.source)
        except ModelRefused as refusal:
            if type(refusal) is not ModelRefused:  # a key that is refused concerns the whole run
                raise
            self.notes.append(f"no harder tests: {refusal}")
            return False
        except (ModelFault, SandboxFault) as fault:
            self.faults += 1
            self.notes.append(f"no harder tests: {fault}")
            return False
        known = {key(case.args) for case in self.tree.shown}
        fresh = [test for test in usable(suite.tests, self.task.problem) if key(test.args) not in known]
        if not fresh:
            return False
        shown = [*self.tree.shown, *(test.case for test in fresh)]
        weights = [*best.marks.weights, *(test.confidence for test in fresh)]
        self.known = set()  # what failed the old tests may pass the new ones, but what passed them may not
        self.tree = await self._grown(best.source, shown, weights)
        return True

    def _good(self, node: Node) -> bool:
        """Whether a program reaches the target."""
        target = self.kit.settings.target
        return node.marks.solved or (target < 1 and node.share >= target - EPSILON)

    def _on_generated(self, node: Node) -> Score:
        """What a program makes of the generated tests."""
        found = node.marks.shown[self.own :]
        return Score(sum(found), len(found))

    async def _attempt_and_learn(self, step: Step, plan: Plan) -> float | None:
        try:
            reward = await self._attempt(step)
        except BaseException:
            plan.learn(step, None)  # what failed was no strategy
            raise
        plan.learn(step, reward)
        return reward

    async def _attempt(self, step: Step) -> float:
        """One attempt; its reward."""
        tree = self.tree
        made = await self._made(step)
        tree.attempts += 1
        tree.strategies.append(STRATEGIES.index(step.strategy))
        before, root = max(node.share for node in tree.nodes), tree.root.share
        node = await self._judged(made, step) if made.source is not None else None
        reward = delta(node.marks, before, root) if node is not None else -0.1
        tree.last_reward, self.told = reward, made.told
        passed = Score(sum(node.marks.shown), len(node.marks.shown)) if node is not None else None
        self.history.append({
            "attempt": tree.attempts,
            "strategy": step.strategy,
            "from": step.node.number,
            "passed": None if passed is None else str(passed),
            "reward": round(reward, 6),
            "propensity": None if step.choice is None else round(step.choice.propensity, 6),
            "programs": made.tried,
            **({"note": made.told} if made.told else {}),
        })  # fmt: skip
        return reward

    async def _made(self, step: Step) -> Made:
        """What the maker gives; a fault is overcome by asking again, or raised."""
        left = self.kit.settings.attempts - self.tree.attempts
        for attempt in range(TRIES):
            try:
                return await self.kit.maker.make(self.task.problem, self.tree, step, self.known, left, self.told)
            except (ModelFault, SandboxFault):
                self.faults += 1
                if attempt == TRIES - 1:
                    raise
        raise AssertionError

    async def _judged(self, made: Made, step: Step) -> Node:
        """The program as a node of the tree; one that was there before is not judged again."""
        assert made.source is not None
        tree = self.tree
        old = tree.known(made.source)
        if old is not None:
            return old
        self.known.add(made.source)
        weights = tree.root.marks.weights
        report, marks = await self.kit.court.try_out(
            self.task.problem, made.source, tree.shown, weights, self.kit.policy.trace
        )
        tree.nodes.append(Node(tree.attempts, made.source, marks, report, step.node, step.strategy))
        return tree.nodes[-1]

    # Ending.

    def _record(self, first: str, start: Score, best: Node, final: Score) -> dict[str, Any]:
        hidden = self.task.judged_by == HIDDEN
        shown = Score(sum(best.marks.shown), len(best.marks.shown))
        picked = Score(sum(best.marks.selection), len(best.marks.selection))
        made = self._on_generated(best)
        tests: dict[str, Any] = {"shown": len(self.tree.shown), "visible": len(self.task.problem.visible)}
        if self.suite is not None:
            tests |= {"generated": len(self.suite.tests), "rejected": len(self.suite.rejections)}
            tests |= {"cost_usd": self.suite.spending.cost_usd}  # when it was made, by this run or another
        return {
            "id": self.task.id,
            "problem": self.task.problem.id,
            "status": "done",
            "judged_by": self.task.judged_by,
            "solved": final.whole if hidden or not final.whole else None,  # whoever saw all cases may know no more
            "overfitted": hidden and best.marks.solved and not final.whole,
            "changed": best.source != first,
            "attempts": self.tree.attempts,
            "path": self.path,
            "ended": self.ended,
            "before": {"generated": [self.began.passed, self.began.total], **self._scored(start)},
            "after": {
                "shown": [shown.passed, shown.total],
                "selection": [picked.passed, picked.total],
                "generated": [made.passed, made.total],
                **self._scored(final),
            },
            "gap": round(shown.share - final.share, 6) if hidden else None,
            "tests": tests,
            "history": self.history,
            "faults": self.faults,
            "notes": self.notes,
            "program": best.source,
        }

    def _scored(self, score: Score) -> dict[str, list[int]]:
        """A score under the name of what it was measured on; of hidden cases, where there are none, 0 of 0."""
        return {HIDDEN: [0, 0]} | {self.task.judged_by: [score.passed, score.total]}


async def repaired(task: Task, kit: Kit, number: int) -> dict[str, Any]:
    """The record of one program's repair."""
    return await Course(task, kit, number).run()
