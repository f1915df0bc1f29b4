"""The rules: registered once, useful for something, harmless on anything, and able to undo the suite's mistakes."""

import ast
import random
import re

import pytest

from envs.problems import load_suite
from envs.problems.bugs.edits import shape
from envs.problems.bugs.mutate import first_order
from envs.repairer.diagnosis import Diagnosis
from envs.repairer.neighbourhood import neighbourhood, pairs
from envs.repairer.rules.failures import HINTS
from envs.repairer.rules.registry import RULES, rule
from envs.repairer.strategies import STRATEGIES
from envs.repairer.view import View

SUITE = [reference.source for problem in load_suite() for reference in problem.references]


def undiagnosed(source, entry=""):
    return Diagnosis(source, entry, ())


def test_rules_belong_to_every_strategy_but_the_mixture():
    assert {each.strategy for each in RULES.values()} == set(STRATEGIES[1:])


def test_every_rule_says_what_it_mends():
    assert all(each.summary.endswith(".") for each in RULES.values())


def test_a_name_is_taken_once_and_for_a_known_strategy():
    with pytest.raises(ValueError, match="taken"):
        rule("boundary", STRATEGIES[1], 0)(RULES["boundary"].propose)
    with pytest.raises(ValueError, match="did you mean 'syntax_check'"):
        rule("another", "syntax_chek", 0)(RULES["boundary"].propose)


def test_every_hint_names_a_rule():
    assert {name for names in HINTS.values() for name in names} <= RULES.keys()


def test_candidates_are_different_texts_in_a_fixed_order():
    diagnosis = undiagnosed(SUITE[0])
    texts = [each.source for each in neighbourhood(diagnosis)]
    assert len(texts) == len(set(texts)) > 100
    assert SUITE[0] not in texts
    assert texts == [each.source for each in neighbourhood(undiagnosed(SUITE[0]))]
    scores = [each.score for each in neighbourhood(diagnosis)]
    assert scores == sorted(scores, reverse=True)


def test_pairs_make_two_edits_that_do_not_touch_likely_ones_and_equal_rules_first():
    source = "def solve(a, b):\n    if a > 9:\n        return a + 1\n    return b - 2\n"
    found = [
        each for each in pairs(undiagnosed(source), STRATEGIES[1:]) if each.rule == each.before[0][0] == "operator"
    ]
    assert "def solve(a, b):\n    if a > 9:\n        return a - 1\n    return b + 2\n" in {
        each.source for each in found
    }
    scores = [each.score for each in pairs(undiagnosed(source), STRATEGIES[1:])]
    assert scores == sorted(scores, reverse=True)
    only = {rule for each in pairs(undiagnosed(source), ["edge_case_check"]) for rule, _ in each.edits}
    assert {RULES[rule].strategy for rule in only} == {"edge_case_check"}


def test_strategies_are_neighbourhoods_of_their_own():
    diagnosis = undiagnosed(SUITE[3])
    found = {name: {each.source for each in neighbourhood(diagnosis, name)} for name in STRATEGIES[1:]}
    whole = {each.source for each in neighbourhood(diagnosis)}
    assert set().union(*found.values()) <= whole
    large = [texts for texts in found.values() if len(texts) > 20]
    assert len(large) >= 6
    for texts in large:
        others = set().union(*(each for each in found.values() if each is not texts))
        assert len(texts - others) > 0.6 * len(texts)


def test_most_candidates_of_any_program_parse():
    sources = random.Random(4).sample(SUITE, 4)
    for depth, share in ((1, 0.97), (2, 0.97)):
        drawn = []
        for source in sources:
            texts = [each.source for each in neighbourhood(undiagnosed(source), depth=depth)]
            drawn += random.Random(1).sample(texts, min(40, len(texts)))
        assert sum(shape(text) is not None for text in drawn) >= share * len(drawn)


def test_no_rule_stumbles_over_strange_programs():
    strange = [
        "",
        "x = ()\nx[()] = x,\ndel x\n",
        "class A:\n    def f(self, /, a=[], *b, c={}, **d): return self\n    async def g(self): pass\n",
        "def f(x): return x if x else f(x)\nprint(*[y for y in {1, 2} if y], sep='')\n",
        "for x, (y, *z) in []:\n    break\nelse:\n    pass\n",
        "try:\n    x: int = 1\nexcept (A, B) as e:\n    raise\nfinally:\n    x += x\n",
        "match x:\n    case [1, *_]:\n        x\n    case _:\n        pass\n",
        "lambda *a, **k: (yield)\nwith open(x) as y, z: y[1:2, ...] = f'{x!r:>{y}}'\n",
        "if a: b\nelif c: d\nelse: e; g\nwhile 1: x = -1; continue\n",
        "é = 'ü'\nif é == 'ü':\n\té = é[::2]\n\treturn_ = é @ é\n",
        "global x\nx = y = z = 1 < 2 < 3 in [4] is None\nassert x, 'no'\n",
    ]
    for source in strange:
        compile(source, "strange", "exec", ast.PyCF_ONLY_AST)
        for depth in (1, 2):
            assert all(each.source != source for each in neighbourhood(undiagnosed(source, "f"), depth=depth))


def test_views_refuse_what_is_no_program():
    with pytest.raises(ValueError):
        View("def (")
    assert list(neighbourhood(undiagnosed("def f(:\n    pass\n"), "edge_case_check")) == []
    assert [each.source for each in neighbourhood(undiagnosed("def f(:\n    pass\n"), "syntax_check")][:1] == [
        "def f():\n    pass\n"
    ]


def bare(text):
    """A program without white space and parentheses, which mean little here."""
    return re.sub(r"[\s()]", "", text)


def test_most_mistakes_of_the_generator_can_be_undone():
    rng = random.Random("undo")
    mutants = [rng.choice(first_order(source)) for source in rng.sample(SUITE, 24)]
    undone = 0
    for mutant in mutants:
        near = {bare(each.source) for each in neighbourhood(undiagnosed(mutant.source))}
        undone += bare(mutant.original) in near
    assert undone >= 15
