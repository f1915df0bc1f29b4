"""The rules: registered once, useful for something, harmless on anything, and able to undo the suite's mistakes."""

import ast
import os
import random
import re
import subprocess
import sys
import zlib

import pytest

from envs.problems import Case, load_suite
from envs.problems.bugs.edits import shape
from envs.problems.bugs.mutate import first_order
from envs.repairer.diagnosis import Diagnosis, Seen
from envs.repairer.neighbourhood import neighbourhood, pairs
from envs.repairer.rules.failures import HINTS
from envs.repairer.rules.registry import RULES, rule
from envs.repairer.strategies import STRATEGIES
from envs.repairer.view import View

SUITE = [reference.source for problem in load_suite() for reference in problem.references]


def undiagnosed(source, entry="", kinds=None):
    """A diagnosis without tests, in which only the kinds of variables are known."""
    nothing = Seen(Case((), None), True, None, True, False, 0, frozenset(), kinds or {}, ("", "", 0))
    return Diagnosis(source, entry, (nothing,) if kinds else ())


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
    for depth, share in ((1, 0.97), (2, 0.97), (3, 0.97)):
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
        "for x in sorted(): pass\nreturn_ = sorted(*x), min(*x), set()\n",
        "'''A.'''\nfrom __future__ import annotations\nd = ()\nwhile d: d.pop(k, None); d.append(d.popleft())\n",
        "def f(a, k):\n    for i in a:\n# here\n        k = min(k, i) if (a and\n  k) else \\\n  a[i-1][a[k-1]]\n    return k\n",
        "def f(a, s):\n    s = (0, 1), (1, 0), (0, -1), (-1, 0),\n    for x in (\n     s): a = x; s = max(a, x)\n    return (\n    a)\n",
        "async def f(a):\n    a = sorted(a)\n    async for x in a:\n        del a[x-1]\n    return await g(a=a)\n",
    ]
    every = ["int", "list", "list:list", "str", "tuple", "dict"]
    for source in strange:
        tree = compile(source, "strange", "exec", ast.PyCF_ONLY_AST)
        known = {each.id: every for each in ast.walk(tree) if isinstance(each, ast.Name)}
        for kinds in ({}, {**known, "a": every}):
            for depth in (1, 2, 3):
                found = neighbourhood(undiagnosed(source, "f", kinds), depth=depth)
                assert all(each.source != source for each in found)


REBUILT = '''\
"""A doc string."""

from __future__ import annotations


def f(jobs, limit):
    total = spare = 0
    row = sorted(jobs)
# a comment at the edge
    for job in (row +
                  jobs):
        if (job > limit
                and spare):
            total += min(job, limit)
        else:
            spare = job - 1 if job else \\
                jobs[job - 1]
    return (total
            + spare)
'''
LISTS, NUMBERS = ("jobs", "row"), ("limit", "total", "spare", "job")
KINDS = {**dict.fromkeys(LISTS, ["list", "list:int"]), **dict.fromkeys(NUMBERS, ["int"])}


def test_what_is_rebuilt_is_a_program_whatever_stands_around_it():
    """The head of a file, comments at its edge, lines that go on, texts over several lines."""
    found = list(neighbourhood(undiagnosed(REBUILT, "f", KINDS), depth=3))
    rules = {"every-choice", "every-next", "every-order", "every-direction", "before-the-first", "best-not-last"}
    assert rules <= {each.rule for each in found}
    for each in found:
        compile(each.source, each.rule, "exec")


def test_a_program_that_has_a_name_already_is_not_rebuilt_with_it():
    taken = REBUILT.replace("total", "state")
    rules = {each.rule for each in neighbourhood(undiagnosed(taken, "f", KINDS), depth=3)}
    assert not rules & {"every-choice", "every-next"}


def fingerprint():
    found = [
        each.source for depth in (1, 2, 3) for each in neighbourhood(undiagnosed(REBUILT, "f", KINDS), depth=depth)
    ]
    return len(found), zlib.crc32("|".join(found).encode())


def test_candidates_are_the_same_under_every_hash_seed():
    program = "from tests.envs.repairer.test_rules import fingerprint; print(*fingerprint())"
    environment = {**os.environ, "PYTHONHASHSEED": "1"}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert tuple(map(int, done.stdout.split())) == fingerprint()


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
