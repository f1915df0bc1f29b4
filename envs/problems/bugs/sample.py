"""The inputs on which bugs are measured.

Promises: the drawn sample is a mixture of equal parts of the four categories (basic, boundary, edge,
adversarial), in turn; the same problem gives the same sample. A tier is a statement about this mixture. The
wide sample, further draws and the whole small domain, is only asked whether a bug can be exposed at all.
Does not promise the full size where a problem has fewer inputs, or for a problem without a grammar: then
its cases are the sample, and there is no wide one.
"""

from __future__ import annotations

from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from envs.problems.grammar import CATEGORIES
from envs.problems.inputs import Input, draw_inputs, exhaustive_inputs
from envs.problems.plain import key
from envs.problems.schema import Problem

if TYPE_CHECKING:
    from sandbox import Sandbox

DRAWN_EACH, WIDE_EACH = 64, 100
"""Inputs drawn in each category: for the sample, and further ones for the wide sample."""
TRIAL_INPUTS = 24
"""The sample's first so many inputs decide which mutants are worth the rest."""


def drawn_sample(problem: Problem, box: Sandbox) -> list[Input]:
    """The sample, its categories taking turns."""
    if not problem.grammar:
        return _different([case.args for case in (*problem.visible, *problem.selection, *problem.hidden)])
    parts = [draw_inputs(problem, category, DRAWN_EACH, f"bugs/{problem.id}", box) for category in CATEGORIES]
    return _different([args for args in chain.from_iterable(zip_longest(*parts)) if args is not None])


def wide_sample(problem: Problem, box: Sandbox, sample: list[Input]) -> list[Input]:
    """Further draws and the small domain, without the inputs of the sample."""
    if not problem.grammar:
        return []
    parts = [draw_inputs(problem, category, WIDE_EACH, f"bugs/wide/{problem.id}", box) for category in CATEGORIES]
    return _different([*sample, *chain.from_iterable(parts), *exhaustive_inputs(problem, box)])[len(sample) :]


def _different(inputs: list[Input]) -> list[Input]:
    return list({key(args): args for args in inputs}.values())
