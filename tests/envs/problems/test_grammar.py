"""Every kind of value draws what it accepts, in every category, the same in every process."""

import json
import os
import subprocess
import sys
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envs.problems.grammar import CATEGORIES, GrammarError, parse_grammar
from envs.problems.grammar.node import LISTED
from envs.problems.plain import key

KINDS = {
    "int": "int(-5, 1000)",
    "float": "float(-1, 1, digits=3)",
    "bool": "bool()",
    "str": "str('a-c_-', (0, 9))",
    "bytes": "bytes((0, 4))",
    "choice": "choice(1, 'a', None, (2, 3))",
    "list": "list(int(-9, 9), (0, 12))",
    "distinct": "list(int(0, 12), (0, 12), distinct=True)",
    "distinct strings": "list(str('ab', (1, 4)), (2, 5), distinct=True)",
    "sorted": "list(int(0, 9), (0, 8), sorted=True)",
    "falling": "list(float(0, 9), (0, 8), sorted='down')",
    "tuple": "tuple(int(0, 1), str('x', 2))",
    "set": "set(int(0, 9), (0, 6))",
    "dict": "dict(str('ab', (1, 3)), list(bool(), 2), (0, 4))",
    "optional": "optional(int(0, 3))",
    "either": "either(int(0, 3), str('a', 1))",
    "join": "join(', ', list(str('a-z', (1, 4)), (0, 5)))",
    "joined ints": "join('-', list(int(0, 40), (1, 4)))",
    "permutation": "permutation((1, 7), start=1)",
    "matrix": "matrix(int(0, 3), (1, 4), (0, 4))",
    "square": "matrix(int(0, 3), (1, 4))",
    "grid": "grid('.#', (1, 4), 3)",
    "intervals": "intervals(0, 20, (0, 6))",
    "empty intervals": "intervals(-3, 3, (0, 6), empty=True, sorted=True)",
    "disjoint": "intervals(0, 20, (0, 6), disjoint=True)",
    "nested": "nested(int(0, 3), (0, 8), 3)",
    "edges": "edges(6, (0, 9))",
    "digraph": "edges(5, (0, 12), directed=True, weight=int(1, 5))",
    "multigraph": "edges(4, (0, 9), loops=True, repeats=True, start=1)",
    "connected": "edges(6, (5, 9), connected=True)",
    "tree graph": "edges(7, 6, connected=True)",
    "forest": "edges(7, (0, 6), acyclic=True)",
    "dag": "edges(6, (0, 9), directed=True, acyclic=True)",
    "tree": "tree(int(0, 9), (1, 12))",
    "binary tree": "binary_tree(int(0, 9), (0, 12))",
    "search tree": "binary_tree(int(0, 99), (0, 12), search=True)",
}


@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS.keys())
@pytest.mark.parametrize("category", CATEGORIES)
def test_every_kind_accepts_what_it_draws(text, category):
    grammar = parse_grammar({"x": text})
    rng = Random(7)
    drawn = [grammar.draw(rng, category) for _ in range(200)]
    assert [grammar.fault(args) for args in drawn] == [None] * 200
    assert len({key(args) for args in drawn}) > 1


@pytest.mark.parametrize("text", KINDS.values(), ids=KINDS.keys())
def test_every_kind_refuses_a_stranger(text):
    grammar = parse_grammar({"x": text})
    for stranger in ({b"?": 0.5}, 10**40, 10**5000, [object], "\x7f", {1.5}, (), [[], [[], [[], [[]]]]]):
        assert grammar.fault((stranger,)) is not None


SMALL = {
    "list(int(0, 1), (0, 2))": 1 + 2 + 4,
    "list(int(0, 2), 2, distinct=True)": 6,
    "list(int(0, 2), 2, sorted=True)": 6,
    "list(int(0, 2), 2, sorted='down', distinct=True)": 3,
    "str('ab', (0, 3))": 15,
    "float(0, 1, digits=1)": 11,
    "set(int(0, 2), (0, 3))": 8,
    "dict(choice('a', 'b'), bool(), (0, 2))": 1 + 4 + 4,
    "permutation((1, 3))": 1 + 2 + 6,
    "matrix(int(0, 1), (1, 2))": 2 + 16,
    "grid('.#', 1, (1, 2))": 2 + 4,
    "intervals(0, 2, (0, 1))": 1 + 3,
    "intervals(0, 3, 2, disjoint=True)": 2,
    "edges(3, (0, 3))": 8,
    "edges(3, 2, connected=True)": 3,
    "edges(3, (0, 3), acyclic=True)": 7,
    "edges(3, (0, 6), directed=True, acyclic=True)": 25,
    "edges(2, 1, weight=int(1, 2))": 2,
    "tree(choice(0), (1, 4))": 1 + 1 + 2 + 5,
    "binary_tree(choice(0), (0, 4))": 1 + 1 + 2 + 5 + 14,
    "binary_tree(int(0, 2), 3, search=True)": 5,
    "nested(choice(0), (0, 2), 2)": 1 + 2 + 5,
    "either(int(0, 1), choice('a'))": 3,
    "optional(int(0, 3))": 5,
}


@pytest.mark.parametrize(("text", "count"), SMALL.items(), ids=SMALL.keys())
def test_a_small_domain_is_listed_whole_and_once(text, count):
    grammar = parse_grammar({"x": text})
    values = list(grammar.values())
    assert len({key(args) for args in values}) == len(values) == count
    assert [grammar.fault(args) for args in values] == [None] * count


WRITTEN_ONE_WAY = {text: count for text, count in SMALL.items() if not text.startswith(("edges", "nested"))}
"""Edges may be drawn in any order and direction, and nested lists with empty lists inside."""


@pytest.mark.parametrize(("text", "count"), WRITTEN_ONE_WAY.items(), ids=WRITTEN_ONE_WAY.keys())
def test_draws_from_a_small_domain_stay_inside_the_list_and_cover_most_of_it(text, count):
    grammar = parse_grammar({"x": text})
    rng = Random(1)
    drawn = {key(grammar.draw(rng, category)) for category in CATEGORIES for _ in range(200)}
    assert drawn <= {key(args) for args in grammar.values()}
    assert len(drawn) >= 0.5 * count


WIDE = "int(-1000000000, 1000000000)"
TOO_MANY = [
    f"list({WIDE}, (1, 20))",
    f"list(list({WIDE}, 2), 1, sorted=True)",
    f"tuple(bool(), {WIDE})",
    f"set({WIDE}, (1, 2))",
    f"dict({WIDE}, bool(), 1)",
    f"dict(bool(), {WIDE}, 1)",
    f"matrix({WIDE}, 1)",
    f"nested({WIDE}, (1, 2), 2)",
    f"tree({WIDE}, 1)",
    f"binary_tree({WIDE}, 1)",
    f"edges(2, 1, weight={WIDE})",
    "edges(1000000000, 1)",
    "intervals(-1000000000, 1000000000, 1)",
]


@pytest.mark.parametrize("text", TOO_MANY)
def test_a_part_with_too_many_values_to_list_is_refused_before_memory_is_full(text):
    with pytest.raises(GrammarError, match=f"^exhaustive: has more than {LISTED} values in one place; make its bounds"):
        next(parse_grammar({"x": text}).values())


def test_a_part_that_is_not_used_may_have_any_number_of_values():
    assert list(parse_grammar({"x": f"list({WIDE}, 0)", "y": f"set({WIDE}, 0)"}).values()) == [([], set())]


def test_links_reach_from_above_to_below():
    grammar = parse_grammar({"nums": "list(int(0, 9), (1, 8))", "k": "int(1, len(nums))", "top": "choice(9)"})
    rng = Random(3)
    for _ in range(300):
        nums, k, _top = grammar.draw(rng, "boundary")
        assert 1 <= k <= len(nums)
    assert grammar.fault(([1, 2], 3, 9)) == "k: 3 is not in 1..2"


def test_an_input_says_where_it_is_wrong():
    grammar = parse_grammar({"rows": "list(list(int(0, 9), (1, 3)), (1, 3))"})
    assert grammar.fault(([[1], [2, 10]],)) == "rows[1]: [1]: 10 is not in 0..9"
    assert grammar.fault(([[1], [True]],)) == "rows[1]: [0]: True is not an int"
    assert grammar.fault(([],)) == "rows: has 0 items, not 1..3"
    assert grammar.fault(([[1]], 2)) == "2 arguments, not 1 (rows)"


MISTAKES = {
    "lst(int(0, 9), 3)": "did you mean 'list'",
    "list(int(0, 9))": "needs size",
    "int(0, 9, 3)": "takes at most 2 arguments",
    "list(int(0, 9), (1, 2, 3))": "is not a size",
    "int(0, __import__('os'))": "cannot use",
    "int(0, 'a')": "is not a number",
    "list(int(0, 9), 3, sort=True)": "has no option 'sort'",
    "list(int(0, 9), 3, distinct=1)": "is not a bool",
    "str('', 3)": "holds no character",
    "choice()": "at least one value",
    "join(' ', int(0, 3))": "is not a list",
    "int(0": "is not an expression",
    "7": "is not a kind of value",
    "optional(list(inn(0, 1), 3))": "list",
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.items(), ids=MISTAKES.keys())
def test_a_mistake_in_a_grammar_is_explained(text, said):
    with pytest.raises(GrammarError, match="^size: ") as caught:
        parse_grammar({"size": text})
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "text", ["int(3, 1)", "list(int(0, 1), 3, distinct=True)", "int(0, later)", "str('a', (2, 1))"]
)
def test_an_impossible_range_is_reported_when_it_is_met(text):
    with pytest.raises(GrammarError):
        parse_grammar({"x": text}).draw(Random(0), "basic")


DIGEST = """
import hashlib, json
from random import Random
from envs.problems.grammar import CATEGORIES, parse_grammar
from envs.problems.plain import key
grammar = parse_grammar(json.loads({texts!r}))
rng = Random("seed")
text = "".join(key(grammar.draw(rng, category)) for category in CATEGORIES for _ in range(50))
print(hashlib.sha256(text.encode()).hexdigest())
"""


def test_draws_do_not_depend_on_the_hash_seed():
    texts = json.dumps({name.replace(" ", "_"): text for name, text in KINDS.items()})
    found = set()
    for seed in ("0", "1", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, "-c", DIGEST.format(texts=texts)]
        found.add(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout)
    assert len(found) == 1


def test_drawing_is_quick():
    grammar = parse_grammar({"nums": "list(int(-100, 100), (0, 20))", "k": "int(0, len(nums))"})
    rng = Random(0)
    began = time.process_time()
    for _ in range(5000):
        grammar.draw(rng, "adversarial")
    assert 5000 / (time.process_time() - began) > 20_000


@settings(max_examples=60)
@given(st.integers(0, 30), st.integers(0, 30), st.integers(), st.sampled_from(CATEGORIES))
def test_sizes_and_values_stay_in_any_range(lo, more, seed, category):
    grammar = parse_grammar({"xs": f"list(int({-lo}, {more}), ({lo}, {lo + more}))"})
    args = grammar.draw(Random(seed), category)
    assert grammar.fault(args) is None


@given(st.recursive(st.none() | st.integers() | st.text(max_size=4), st.lists, max_leaves=8))
def test_checking_any_data_never_raises(value):
    for text in KINDS.values():
        grammar = parse_grammar({"x": text})
        assert grammar.fault((value,)) is None or isinstance(grammar.fault((value,)), str)


def test_categories_differ():
    grammar = parse_grammar({"xs": "list(int(0, 50), (0, 30))"})
    rng = Random(5)
    lengths = {category: [len(grammar.draw(rng, category)[0]) for _ in range(500)] for category in CATEGORIES}
    means = {category: sum(found) / len(found) for category, found in lengths.items()}
    assert means["edge"] < means["basic"] < means["adversarial"]
    assert {0, 30} <= set(lengths["boundary"])
