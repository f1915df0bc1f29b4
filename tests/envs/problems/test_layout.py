"""Stdin text: what is printed can be read back, and anything else is refused with its line."""

from random import Random

import pytest

from envs.problems.grammar import CATEGORIES, GrammarError, parse_grammar

LAYOUTS = {
    "list on a line": ({"n": "int(0, 6)", "xs": "list(int(-9, 9), n)"}, "{n}\n{xs}"),
    "list behind a number": ({"xs": "list(int(0, 9), (0, 5))", "k": "int(0, 3)"}, "{k} {xs}"),
    "number behind a list": ({"xs": "list(int(0, 9), (1, 5))", "k": "int(0, 3)"}, "{xs} {k}"),
    "grid and moves": (
        {
            "h": "int(1, 4)",
            "w": "int(1, 4)",
            "g": "grid('.#', h, w)",
            "q": "list(tuple(choice('L', 'R'), int(1, 5)), (0, 4))",
        },
        "{h} {w}\n{g*}\n{q*}",
    ),
    "blocks": (
        {"t": "int(1, 3)", "tests": "list(block('{n}\\n{xs}', n=int(1, 4), xs=list(int(0, 9), n)), t)"},
        "{t}\n{tests*}",
    ),
    "edges": (
        {
            "n": "int(1, 5)",
            "m": "int(0, 4)",
            "e": "edges(n, m, weight=int(1, 9), repeats=True, loops=True, start=1)",
        },
        "{n} {m}\n{e*}",
    ),
    "weights": ({"n": "int(2, 5)", "e": "edges(n, n - 1, connected=True, weight=float(0, 1))"}, "{n}\n{e*}"),
    "intervals": ({"m": "int(0, 5)", "spans": "intervals(-9, 9, m)"}, "{m}\n{spans*}"),
    "words": ({"line": "join(' ', list(str('a-z', (1, 5)), (0, 5)))", "n": "int(0, 3)"}, "{line}\n{n}"),
    "matrix": ({"n": "int(1, 4)", "m": "matrix(float(0, 1), n)"}, "{n}\n{m*}"),
    "words and signs": (
        {"a": "int(0, 9)", "b": "int(0, 9)", "day": "choice('mon', 'tue')"},
        "{day}: {a}/{b}",
    ),
    "either": (
        {"ops": "list(either(tuple(choice('PUSH'), int(0, 9)), tuple(choice('POP'))), (1, 6))"},
        "{ops*}",
    ),
    "permutation on lines": ({"n": "int(1, 6)", "p": "permutation(n)"}, "{n}\n{p*}"),
    "lines of either kind": ({"g": "either(grid('.#', 2), grid('ab', (1, 3)))"}, "{g*}"),
    "permutation": ({"n": "int(1, 6)", "p": "permutation(n, start=1)"}, "{n}\n{p}"),
}


@pytest.mark.parametrize(("fields", "layout"), LAYOUTS.values(), ids=LAYOUTS.keys())
@pytest.mark.parametrize("category", CATEGORIES)
def test_text_that_was_printed_is_read_back(fields, layout, category):
    grammar = parse_grammar(fields, layout)
    rng = Random(11)
    for _ in range(150):
        (text,) = grammar.draw(rng, category)
        assert text.endswith("\n")
        assert grammar.fault((text,)) is None, text


@pytest.mark.parametrize(("fields", "layout"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_white_space_at_line_ends_does_not_matter(fields, layout):
    grammar = parse_grammar(fields, layout)
    (text,) = grammar.draw(Random(4), "basic")
    assert grammar.fault((text.replace("\n", "  \r\n"),)) is None
    assert grammar.fault((text.rstrip("\n") + "\n\n\n",)) is None


@pytest.mark.parametrize(("fields", "layout"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_strange_text_is_refused(fields, layout):
    grammar = parse_grammar(fields, layout)
    (text,) = grammar.draw(Random(4), "basic")
    for bad in ("\x7f" + text, text + "\x7f\n", text.replace(" ", "\x7f", 1) + "\x7f", "\x7f"):
        assert grammar.fault((bad,)) is not None


def test_a_bad_line_is_named():
    grammar = parse_grammar({"n": "int(0, 6)", "xs": "list(int(-9, 9), n)"}, "{n}\n{xs}")
    assert grammar.fault(("2\n1 x\n",)) == "line 2: invalid literal for int() with base 10: 'x'"
    assert grammar.fault(("2\n1\n",)) == "xs: has 1 items, not 2..2"
    assert grammar.fault(("2\n1 07\n",)) == "line 2: '07' is not a plain whole number"
    assert grammar.fault(("2 2\n1 7\n",)) == "line 1: '2 2' does not look like '{n}'"
    assert grammar.fault(("1\n1\n4\n",)) == "'4' is left over after line 2"


def test_a_count_that_promises_too_many_lines_is_refused_at_once():
    grammar = parse_grammar({"n": "int(0, 6)", "xs": "list(str('a', (0, 2)), n)"}, "{n}\n{xs*}")
    assert "ends too early" in grammar.fault((f"{10**12}\na\n",))
    assert grammar.fault(("-3\na\n",)) == "xs would have -3 lines"


def test_every_text_of_a_small_domain_is_listed():
    grammar = parse_grammar({"n": "int(0, 2)", "xs": "list(int(0, 1), n)"}, "{n}\n{xs}")
    assert [text for (text,) in grammar.values()] == [
        "0\n\n",
        "1\n0\n",
        "1\n1\n",
        "2\n0 0\n",
        "2\n0 1\n",
        "2\n1 0\n",
        "2\n1 1\n",
    ]


@pytest.mark.parametrize(
    ("fields", "layout", "said"),
    [
        ({"n": "int(0, 2)"}, "{n} {m}", "^layout: prints m, which no field defines"),
        ({"n": "int(0, 2)", "m": "int(0, 2)"}, "{n}", "^layout: does not print the field m"),
        (
            {"t": "list(block('{n}', m=int(0, 2)), 2)"},
            "{t*}",
            r"^t: list\(...\): block\(...\): layout: does not print",
        ),
    ],
)
def test_a_layout_prints_exactly_the_fields(fields, layout, said):
    with pytest.raises(GrammarError, match=said):
        parse_grammar(fields, layout)


@pytest.mark.parametrize(
    ("kind", "layout", "said"),
    [
        ("int(0, 9)", "{x*}", r"layout: \{x\*\}: a Int cannot be printed as lines: use a list"),
        ("optional(list(int(0, 9), 2))", "{x*}", "a Choice cannot be printed as lines"),
        ("list(set(int(0, 9), 2), 2)", "{x*}", "a Set cannot be read back from a line"),
        ("edges(3, 2, weight=bytes(1))", "{x*}", "a Bytes cannot be read back"),
        ("set(int(0, 9), 2)", "{x}", r"layout: \{x\}: a Set cannot be read back from a line; \{x\*\}, alone"),
        ("dict(int(0, 9), bool(), 2)", "{x}", "a Dict cannot be read back"),
        ("intervals(0, 9, 2)", "{x}", "a Intervals cannot be read back"),
        ("edges(3, 2)", "{x}", "a Edges cannot be read back"),
        ("grid('.#', 2)", "grid {x*}", "a Grid cannot be read back"),
        ("list(tuple(int(0, 9), either(int(0, 9), matrix(int(0, 9), 1))), 2)", "{x}", "a Matrix cannot be read back"),
    ],
)
def test_a_layout_prints_only_what_can_be_read_back(kind, layout, said):
    with pytest.raises(GrammarError, match=said):
        parse_grammar({"x": kind}, layout)


def test_lines_of_unknown_number_must_come_last():
    grammar = parse_grammar({"xs": "list(int(0, 1), (0, 3))", "n": "int(0, 2)"}, "{xs*}\n{n}")
    assert "must be exact" in grammar.fault(("0\n1\n",))
