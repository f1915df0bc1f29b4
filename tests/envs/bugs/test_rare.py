"""Rare-input bugs wait for what was measured to be rare."""

import ast
from random import Random

import pytest

from envs.problems.bugs.bench import Bench
from envs.problems.bugs.code import Code
from envs.problems.bugs.conditions import CONDITIONS, TURNS
from envs.problems.bugs.rare import CLAIMS, places, rare_mutants, watched
from envs.problems.inputs import draw_inputs

PLAIN = {kind: [text.format(x="x", y="y") for text in texts] for kind, texts in CONDITIONS.items()}
EXAMPLES = {
    "int": [-4, 0, 7, 100], "ints": [[1], [-2, 3, 3], [0] * 25], "str": ["a", "aa b", "-9"],
    "texts": [["a", ""], ["bb"]], "lists": [[[]], [[1], [1]]], "dict": [{}, {1: 2}], "bool": [True], "float": [1.5],
}  # fmt: skip


@pytest.fixture(scope="module")
def watch(box, balance):
    code = Code(balance.references[0].source)
    inputs = [
        args
        for category in ("basic", "boundary", "edge", "adversarial")
        for args in draw_inputs(balance, category, 50, 1)
    ]
    found = places(code)
    return code, found, inputs, Bench(box, "balance", inputs).watch(watched(code, found), PLAIN)


def test_places_are_parameters_assignments_and_results(watch):
    _, found, _, _ = watch
    assert [place.targets for place in found] == [("moves", "floor"), ("total",), ("total",)]


def test_what_was_seen_is_what_holds(watch):
    _, _, inputs, seen = watch
    kind, masks = seen[0]["floor"]
    assert kind == "int"
    place = PLAIN["int"].index("x == 0")
    assert [bool(masks[place] >> row & 1) for row in range(len(inputs))] == [floor == 0 for _, floor in inputs]
    kind, masks = seen[0]["moves floor"]
    assert kind == "ints int"
    place = PLAIN["ints int"].index("x[0] == y")
    assert [bool(masks[place] >> row & 1) for row in range(len(inputs))] == [
        bool(moves) and moves[0] == floor for moves, floor in inputs
    ]


@pytest.mark.parametrize("tier", list(CLAIMS))
def test_conditions_hold_as_seldom_as_their_tier_says(watch, tier):
    code, found, inputs, seen = watch
    low, high = CLAIMS[tier]
    everything = rare_mutants(code, found, seen, len(inputs), 10, Random(1))
    mine = everything[:10] if tier == "hard" else everything[10:]
    assert len(mine) == 10
    for mutant in mine:
        condition = mutant.edits[0].change[0].text.strip().split("\n")[0].removeprefix("if ").removesuffix(":")
        if {node.id for node in ast.walk(ast.parse(condition)) if isinstance(node, ast.Name)} & {"total", "move"}:
            continue  # variables inside: only the measurement knows them
        holds = [eval(condition, {"moves": moves, "floor": floor}) for moves, floor in inputs if moves]
        assert low * len(inputs) < sum(map(bool, holds)) < high * len(inputs)


def test_a_rare_bug_reads_like_a_special_case(watch):
    code, found, inputs, seen = watch
    for mutant in rare_mutants(code, found, seen, len(inputs), 10, Random(2)):
        added = [line[1:].strip() for line in mutant.diff.split("\n") if line.startswith("+")]
        assert len(added) == 2
        assert added[0].startswith("if ")
        assert "bug" not in mutant.source


def test_the_same_measurement_and_seed_give_the_same_bugs(watch):
    code, found, inputs, seen = watch
    sources = [[m.source for m in rare_mutants(code, found, seen, len(inputs), 10, Random(3))] for _ in range(2)]
    assert sources[0] == sources[1]


@pytest.mark.parametrize("kind", list(CONDITIONS))
def test_conditions_are_safe_for_every_value_of_their_kind(kind):
    first, _, second = kind.partition(" ")
    for text in CONDITIONS[kind]:
        for x in EXAMPLES[first]:
            for y in EXAMPLES[second] if second else [None]:
                eval(text.format(x="x", y="y"), {"x": x, "y": y})


@pytest.mark.parametrize("kind", list(TURNS))
def test_turns_change_some_value_of_their_kind(kind):
    for text in TURNS[kind]:
        changed = False
        for x in (
            [*EXAMPLES[kind], "Ab "]
            if kind == "str"
            else [*EXAMPLES[kind], [2, 1, 2]]
            if kind == "ints"
            else EXAMPLES[kind]
        ):
            names = {"x": x}
            exec(text.format(x="x"), names)
            changed = changed or names["x"] != x
        assert changed or kind in ("texts", "lists"), text
