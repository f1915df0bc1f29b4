"""An inferred grammar accepts what it was made from, says its types, and stays silent when unsure."""

from random import Random

import pytest

from envs.problems.grammar import CATEGORIES, parse_grammar
from envs.problems.loaders.infer import infer_grammar

CALLS = {
    "numbers": ([(1, 2.5), (-3, 0.25)], {"a": "int(-3, 1)", "b": "float(0.25, 2.5, 2)"}),
    "truth": ([(True,), (False,)], {"a": "bool()"}),
    "letters": ([("abcde",), ("x-y",), ("",)], {"a": "str('a-exy-', (0, 5))"}),
    "lists": ([([1, 2],), ([],), ([-5, 0, 7],)], {"a": "list(int(-5, 7), (0, 3))"}),
    "matrices": ([([[1, 2], [3, 4]],), ([[5, 6, 7]],)], {"a": "matrix(int(1, 7), (1, 2), (2, 3))"}),
    "ragged": ([([[1], [2, 3]],)], {"a": "list(list(int(1, 3), (1, 2)), 2)"}),
    "tuples": ([((1, "a"),), ((2, "b"),)], {"a": "tuple(int(1, 2), str('ab', 1))"}),
    "mixed": ([([1, "a", None],)], {"a": "list(either(int(1, 1), str('a', 1), choice(None)), 3)"}),
    "tables": ([({"a": 1},), ({},)], {"a": "dict(str('a', 1), int(1, 1), (0, 1))"}),
    "sorted": (
        [([n, n + 1, n + 3],) for n in range(5)],
        {"a": "list(int(0, 7), 3, distinct=True, sorted=True)"},
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_arguments_get_types_ranges_and_lengths(name):
    inputs, wanted = CALLS[name]
    found, layout = infer_grammar(inputs, ["a", "b"][: len(inputs[0])], stdin=False)
    assert (found, layout) == (wanted, "")
    grammar = parse_grammar(found)
    rng = Random(1)
    for category in CATEGORIES:
        assert grammar.fault(grammar.draw(rng, category)) is None


TEXTS = {
    "one number": ["5\n", "17\n"],
    "a count and so many numbers": ["3\n1 2 3\n", "1\n9\n", "2\n4 4\n"],
    "two counts and lines": ["2 9\n1 2\n3 4\n", "1 7\n5 6\n"],
    "words": ["abc\n2 3\n", "zz\n1 1\n"],
    "a count and lines of words": ["2\nab 1\ncd 2\n", "1\nef 3\n"],
}


@pytest.mark.parametrize("name", TEXTS)
def test_texts_get_a_layout_that_prints_like_texts(name):
    inputs = [(text,) for text in TEXTS[name]]
    found, layout = infer_grammar(inputs, [], stdin=True)
    grammar = parse_grammar(found, layout)
    assert [grammar.fault(args) for args in inputs] == [None] * len(inputs)
    drawn = [grammar.draw(Random(seed), "basic") for seed in range(20)]
    assert [grammar.fault(args) for args in drawn] == [None] * 20
    assert grammar.fault(("nonsense and more of it\n\n\nx\n",)) is not None


def test_the_count_of_a_text_rules_its_length():
    found, layout = infer_grammar([(text,) for text in TEXTS["a count and so many numbers"]], [], stdin=True)
    grammar = parse_grammar(found, layout)
    assert grammar.fault(("3\n1 2\n",)) is not None


@pytest.mark.parametrize(
    ("inputs", "stdin"),
    [([(1,), (1, 2)], False), ([], False), ([("1\n2 3\nx\n",), ("a b c\n\n7\n8\n",)], True), ([()], False)],
)
def test_unlike_inputs_have_no_grammar(inputs, stdin):
    assert infer_grammar(inputs, [], stdin) == ({}, "")
