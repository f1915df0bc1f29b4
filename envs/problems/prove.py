"""The proof of a problem: its references agree, its validator holds, its cases catch its wrong programs.

Promises: a proof names every fault it finds, each with an input that shows it; the cases it makes are the
same on every machine. Every program runs in the sandbox. Does not promise that the statement says what the
references do: a person must read it.
"""

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from envs.problems.cases import Case
from envs.problems.grammar import CATEGORIES
from envs.problems.grammar.node import short
from envs.problems.inputs import Input, draw_inputs, exhaustive_inputs, input_faults, spoiled_inputs
from envs.problems.loaders.answers import answered
from envs.problems.plain import key, unwritable
from envs.problems.running import Failure, answers, judged, oracle, passed, passes_code
from envs.problems.schema import Problem
from sandbox import Sandbox

DRAWN = 80
"""Inputs drawn in each category."""
HIDDEN = 15
"""Hidden cases in each category, before witnesses are added."""
SELECTION = 5
"""Selection cases in each category."""
LEAST_INPUTS = 300
"""The fewest inputs on which references must agree."""
ALONE = 4
"""Every so many hidden cases one is run in a process of its own too, as an environment would."""
PROBE = 25
"""Every so many inputs one is tried first, so that programs that never end are found out quickly."""
WRONG_CPU_S = 0.5
"""The CPU time of a wrong program for one input."""
COMMON_ANSWER = 0.75
"""The greatest share of hidden cases that may have the same answer."""


@dataclass
class Proof:
    """What was found out about one problem."""

    problem: Problem
    """The problem, with its selection and hidden cases."""
    faults: list[str] = field(default_factory=list)
    """What is wrong; empty when the problem is proved."""
    drawn: int = 0
    """How many different inputs were drawn."""
    exhaustive: int = 0
    """How many inputs the small domain has."""
    exposed: dict[str, float] = field(default_factory=dict)
    """For each wrong program, the share of drawn inputs that expose it."""
    ran: bool = True
    """Whether there was any program to run: without one, nothing is proved and nothing refuted."""
    cost_s: float = 0.0
    """The mean CPU time of the first reference for one input."""


def prove(problem: Problem, box: Sandbox) -> Proof:
    """Everything that can be found out about one problem."""
    proof = Proof(problem)
    if {"references", "grammar", "cases"} & set(problem.unproved):
        _prove_given(proof, box)
        return proof
    proof.faults += _same_references(problem)
    try:
        pool, small = _inputs(proof, box)
    except ValueError as error:  # a GrammarError, or a sampler that draws what is not plain data
        proof.faults.append(str(error))
        return proof
    cases = _agreed(proof, pool + small, box)
    unwritten = _unwritten(cases)
    proof.faults += unwritten
    if cases and not unwritten:
        drawn = cases[: len(pool)]
        proof.problem = with_cases(problem, drawn)
        _check_wrong(proof, drawn, cases[len(pool) :], box)
        _check_answers(proof, box)
        _check_validator(proof, pool, box)
        _check_betrayal(proof)
    return proof


def _same_references(problem: Problem) -> list[str]:
    """References that differ in nothing but comments and layout: their agreement proves nothing."""
    names: dict[str, str] = {}
    faults = []
    for one in problem.references:
        try:
            tree = ast.dump(ast.parse(one.source))
        except RecursionError:
            tree = one.source
        if tree in names:
            what = f"{one.name!r} is the same program as {names[tree]!r}"
            faults.append(f"references: {what}; write one of another approach")
        names.setdefault(tree, one.name)
    return faults


def _prove_given(proof: Proof, box: Sandbox) -> None:
    """What can be proved of a problem from elsewhere: its programs against the cases that it came with."""
    problem = answered(proof.problem, box)
    given, code = (*problem.visible, *problem.selection, *problem.hidden), problem.test_code
    unwritten = _unwritten(given)
    proof.faults += unwritten
    proof.problem = proof.problem if unwritten else problem
    if not given and not code:
        proof.faults.append("cases: there is neither a case nor test code, so nothing was run; give some")
        return
    proof.ran = bool(problem.references or problem.wrong)
    for reference in problem.references:
        failed = _not(given, judged(problem, reference.source, given, box))
        if failed:
            what = f"fails {len(failed)} given cases, such as {_show(failed[0].args)}"
            proof.faults.append(f"references: {reference.name!r} {what}")
        if not _passes_code(proof, reference.source, box):
            proof.faults.append(f"references: {reference.name!r} fails the test code")
    for wrong in problem.wrong:
        caught = _not(given, judged(problem, wrong.source, given, box))
        if given:
            proof.exposed[wrong.name] = len(caught) / len(given)
        if not caught and _passes_code(proof, wrong.source, box):
            proof.faults.append(f"wrong: {wrong.name!r} passes every given case" + " and the test code" * bool(code))
    if problem.grammar:
        faults = [problem.inputs.fault(case.args) for case in given]
        proof.faults += [f"grammar: refuses a given case: {fault}" for fault in faults if fault][:1]


def _passes_code(proof: Proof, source: str, box: Sandbox) -> bool:
    """Whether a program passes the test code; code that nobody can run is a fault of the problem."""
    try:
        return passes_code(proof.problem, source, box)
    except ValueError as error:
        if not str(error).startswith("CodeTests"):
            raise
        fault = f"test_code: {error}"
        proof.faults += [fault] if fault not in proof.faults else []
        return True


def _inputs(proof: Proof, box: Sandbox) -> tuple[list[tuple[str, Input]], list[tuple[str, Input]]]:
    """The drawn inputs, each with its category, and those of the small domain that were not drawn."""
    problem = proof.problem
    seen = {key(case.args) for case in problem.visible}
    pool: list[tuple[str, Input]] = []
    for category in CATEGORIES:
        for args in draw_inputs(problem, category, DRAWN, problem.id, box):
            if key(args) not in seen:
                seen.add(key(args))
                pool.append((category, args))
    small = exhaustive_inputs(problem, box)
    proof.drawn, proof.exhaustive = len(pool), len(small)
    faults = input_faults(problem, [args for _, args in pool], box)
    for (category, args), fault in zip(pool, faults, strict=True):
        if fault:
            proof.faults.append(f"sampler: draws for {category!r} {_show(args)}, which is refused: {fault}")
            break
    stray = next((args for args in small if problem.inputs.fault(args)), None)
    if stray is not None:
        fault = problem.inputs.fault(stray)
        proof.faults.append(f"exhaustive: {_show(stray)} does not belong to the grammar: {fault}")
    rest = [("basic", args) for args in small if key(args) not in seen]
    count = len(pool) + len(rest)
    if count < LEAST_INPUTS:
        proof.faults.append(
            f"grammar: gives {count} different inputs, at least {LEAST_INPUTS} are needed; widen its bounds"
        )
    return pool, rest


def _agreed(proof: Proof, inputs: Sequence[tuple[str, Input]], box: Sandbox) -> list[Case]:
    """Every input with its answer, once all references agree on all of them; nothing when they do not."""
    problem = proof.problem
    found = oracle(problem, [args for _, args in inputs[::PROBE]], box)
    if any(answer.failed for answer in found):
        inputs = inputs[::PROBE]
    else:
        found = oracle(problem, [args for _, args in inputs], box)
    proof.cost_s = sum(answer.cpu_s for answer in found) / len(found) if found else 0.0
    bad = [args for (_, args), answer in zip(inputs, found, strict=True) if answer.failed]
    if bad:
        said = []
        for one in problem.references:
            [answer] = answers(problem, one.source, bad[:1], box)
            said.append(f"{one.name!r} answers {short(answer.value, 80)}")
        what = f"{len(bad)} of {len(inputs)} inputs, such as {_show(bad[0])}"
        proof.faults.append(f"references: no agreement on {what}: {', '.join(said)}")
        return []
    agreed = zip(inputs, found, strict=True)
    return [Case(args, answer.value, category) for (category, args), answer in agreed]


def _unwritten(cases: Sequence[Case]) -> list[str]:
    """The fault that no file can hold a case, shown by the first one."""
    for case in cases:
        why = unwritable((case.args, case.expected))
        if why:
            return [f"cases: {_show(case.args)} with its answer cannot be kept in a file: {why}"]
    return []


def _check_answers(proof: Proof, box: Sandbox) -> None:
    """References pass visible and some hidden cases too when each case has a process of its own."""
    problem = proof.problem
    named = [(f"visible[{place}]", case) for place, case in enumerate(problem.visible)]
    named += [(f"hidden[{place}]", case) for place, case in list(enumerate(problem.hidden))[::ALONE]]
    for reference in problem.references:
        marks = judged(problem, reference.source, [case for _, case in named], box)
        failed = [pair for pair, mark in zip(named, marks, strict=True) if not mark]
        for name, case in failed[:1]:
            [answer] = answers(problem, reference.source, [case.args], box)
            proof.faults.append(f"{name}: reference {reference.name!r} answers {short(answer.value, 80)}")
    for place, fault in enumerate(input_faults(problem, [case.args for case in problem.visible], box)):
        if fault:
            proof.faults.append(f"visible[{place}]: is refused: {fault}")


def _check_validator(proof: Proof, pool: Sequence[tuple[str, Input]], box: Sandbox) -> None:
    """The validator must refuse what was spoiled and what the author says is invalid."""
    problem = proof.problem
    spoiled = [bad for _, args in pool[:: max(1, len(pool) // 12)] for bad in spoiled_inputs(problem, args)]
    kept = next((args for args in spoiled if problem.inputs.fault(args) is None), None)
    if kept is not None:
        proof.faults.append(f"grammar: accepts {_show(kept)}, which was spoiled on purpose")
    for place, fault in enumerate(input_faults(problem, problem.invalid, box)):
        if fault is None:
            proof.faults.append(f"invalid[{place}]: is accepted: {_show(problem.invalid[place])}")


def with_cases(problem: Problem, drawn: Sequence[Case]) -> Problem:
    """The problem with selection and hidden cases out of drawn ones (none of which is a visible one)."""
    hidden: list[Case] = []
    selection: list[Case] = []
    for category in CATEGORIES:
        mine = [case for case in drawn if case.category == category]
        hidden += mine[:HIDDEN]
        selection += mine[HIDDEN : HIDDEN + SELECTION]
    return replace(problem, hidden=tuple(hidden), selection=tuple(selection))


def _check_wrong(proof: Proof, drawn: Sequence[Case], small: Sequence[Case], box: Sandbox) -> None:
    """Every wrong program must fail a hidden case; where none exposes it, a witness joins the hidden
    cases.
    """
    problem = proof.problem
    hasty = replace(problem, cpu_s=min(problem.cpu_s, WRONG_CPU_S))
    witnesses: dict[str, Case] = {}
    for wrong in problem.wrong:
        if _often_endless(hasty, wrong.source, drawn[::PROBE], box):
            proof.faults.append(f"wrong: {wrong.name!r} often never ends; let it answer wrongly instead")
            continue
        caught = _not(drawn, passed(hasty, wrong.source, drawn, box))
        proof.exposed[wrong.name] = len(caught) / len(drawn)
        if any(case in problem.hidden for case in caught):
            continue
        caught = sorted(caught, key=lambda case: case in problem.selection)
        caught = caught or _not(small, passed(hasty, wrong.source, small, box))
        if caught:
            witnesses[key(caught[0].args)] = caught[0]
        else:
            what = "answers every input like the references; it is not wrong, or inputs are too tame"
            proof.faults.append(f"wrong: {wrong.name!r} {what}")
    selection = tuple(case for case in problem.selection if key(case.args) not in witnesses)
    hidden = (*problem.hidden, *witnesses.values())
    proof.problem = replace(problem, selection=selection, hidden=hidden)


def _often_endless(problem: Problem, source: str, cases: Sequence[Case], box: Sandbox) -> bool:
    """Whether running such a program on everything would take minutes and show nothing."""
    tried = [answer.value for answer in answers(problem, source, [case.args for case in cases], box)]
    endless = [value for value in tried if isinstance(value, Failure) and value.verdict == "timeout"]
    return len(endless) > 0.2 * len(tried)


def _not(cases: Sequence[Case], marks: Sequence[bool]) -> list[Case]:
    """The cases that were not passed."""
    return [case for case, mark in zip(cases, marks, strict=True) if not mark]


def _check_betrayal(proof: Proof) -> None:
    """Knowing the visible cases, or the most common answer, must not be enough for the hidden ones."""
    problem = proof.problem
    parts = {name: {key(case.args) for case in getattr(problem, name)} for name in ("visible", "selection", "hidden")}
    for one, other in (("visible", "selection"), ("visible", "hidden"), ("selection", "hidden")):
        if parts[one] & parts[other]:
            proof.faults.append(f"{other}: shares an input with the {one} cases")
    if not problem.hidden:
        proof.faults.append("hidden: no cases could be made")
        return
    answer, count = Counter(key(case.expected) for case in problem.hidden).most_common(1)[0]
    if count > COMMON_ANSWER * len(problem.hidden):
        what = f"{count} of {len(problem.hidden)} cases have the answer {answer[:40]}"
        proof.faults.append(f"hidden: {what}; write a sampler that makes other answers frequent")


def _show(args: Input) -> str:
    return short(args[0] if len(args) == 1 else args, 160)
