"""A proof finds every way in which a problem can be wrong, and shows it."""

from dataclasses import replace

import pytest

from envs.problems import Case, Problem, Reference, WrongProgram
from envs.problems.inputs import draw_inputs, exhaustive_inputs, input_faults, spoiled_inputs
from envs.problems.plain import key
from envs.problems.prove import HIDDEN, SELECTION, prove
from envs.problems.running import Failure, answers, oracle
from envs.problems.schema import Compare

FIRST = "def top(nums):\n    return max(nums, default=0)\n"
SECOND = "def top(nums):\n    return sorted(nums)[-1] if nums else 0\n"
NEGATIVE_BLIND = "def top(nums):\n    best = 0\n    for n in nums:\n        best = max(best, n)\n    return best\n"

TOP = Problem(
    id="top",
    title="Top",
    statement="The greatest number, or 0.",
    kind="function",
    family="lists",
    difficulty=1,
    entry="top",
    signature="def top(nums: list[int]) -> int",
    references=(Reference("max", FIRST), Reference("sort", SECOND)),
    wrong=(WrongProgram("zero", NEGATIVE_BLIND, "begins at zero"),),
    visible=(Case(([1, 3],), 3), Case(([],), 0)),
    grammar={"nums": "list(int(-50, 50), (0, 20))"},
    exhaustive={"nums": "list(int(-1, 1), (0, 4))"},
)
DOUBLE = Problem(
    id="double",
    title="Double",
    statement="Twice each number.",
    kind="stdin",
    family="parsing",
    difficulty=1,
    references=(
        Reference("loop", "for _ in range(int(input())):\n    print(2 * int(input()))\n"),
        Reference("read", "import sys\nfor n in sys.stdin.read().split()[1:]:\n    print(int(n) + int(n))\n"),
    ),
    wrong=(WrongProgram("text", "for _ in range(int(input())):\n    print(input() * 2)\n", "repeats the digits"),),
    visible=(Case(("1\n4\n",), "8\n"),),
    grammar={"n": "int(0, 6)", "xs": "list(int(0, 99), n)"},
    layout="{n}\n{xs*}",
    exhaustive={"n": "int(0, 2)", "xs": "list(int(0, 3), n)"},
    compare=Compare("lines"),
)


def faults(problem, box):
    return prove(problem, box).faults


@pytest.mark.parametrize("problem", [TOP, DOUBLE], ids=["function", "stdin"])
def test_a_right_problem_is_proved_and_gets_its_cases(problem, box):
    proof = prove(problem, box)
    assert proof.faults == []
    assert proof.drawn + proof.exhaustive >= 300
    assert len(proof.problem.hidden) >= 4 * HIDDEN
    assert len(proof.problem.selection) == 4 * SELECTION
    assert 0 < list(proof.exposed.values())[0] < 1


def test_no_input_is_in_two_kinds_of_cases(box):
    problem = prove(TOP, box).problem
    inputs = [key(case.args) for case in (*problem.visible, *problem.selection, *problem.hidden)]
    assert len(set(inputs)) == len(inputs)


def test_a_proof_makes_the_same_cases_again(box):
    assert prove(TOP, box).problem == prove(TOP, box).problem


def test_a_wrong_program_that_drawn_inputs_miss_adds_a_witness(box):
    rare = "def top(nums):\n    return 1 if nums == [0, 0, -1, 0] else max(nums, default=0)\n"
    proof = prove(replace(TOP, wrong=(WrongProgram("rare", rare, "one input in a million"),)), box)
    assert proof.faults == []
    assert proof.exposed["rare"] == 0
    assert proof.problem.hidden[-1].args == ([0, 0, -1, 0],)


BROKEN = {
    "references differ": (
        {"references": (Reference("max", FIRST), Reference("blind", NEGATIVE_BLIND))},
        "references: no agreement on",
    ),
    "reference crashes": (
        {
            "references": (
                Reference("max", "def top(nums):\n    return max(nums)\n"),
                Reference("sort", SECOND),
            )
        },
        "visible[1]: reference 'max' answers Failure",
    ),
    "reference never ends": (
        {
            "references": (
                Reference("max", FIRST),
                Reference("hang", "def top(nums):\n    while nums: pass\n    return 0\n"),
            )
        },
        "references: no agreement on",
    ),
    "visible answer": ({"visible": (Case(([1, 3],), 1),)}, "visible[0]: reference 'max' answers 3"),
    "visible input": (
        {"visible": (Case(([99],), 99),)},
        "visible[0]: is refused: nums[0]: 99 is not in -50..50",
    ),
    "wrong program is right": (
        {"wrong": (WrongProgram("same", SECOND, "none"),)},
        "wrong: 'same' answers every input",
    ),
    "wrong program never ends": (
        {"wrong": (WrongProgram("loop", "def top(nums):\n    while nums:\n        pass\n", "loops"),)},
        "wrong: 'loop' often never ends",
    ),
    "dull answers": (
        {"grammar": {"nums": "list(int(-1, 0), (0, 20))"}},
        "have the answer 0; write a sampler",
    ),
    "too few inputs": (
        {"grammar": {"nums": "list(int(0, 3), 2)"}, "exhaustive": {}},
        "grammar: gives 15 different inputs",
    ),
    "small domain outside": (
        {"exhaustive": {"nums": "list(int(50, 51), (0, 2))"}},
        "exhaustive: [51] does not belong",
    ),
    "small domain is large": (
        {"exhaustive": {"nums": "list(int(0, 9), (0, 4))"}},
        "exhaustive: has more than",
    ),
    "empty range": ({"grammar": {"nums": "list(int(1, 0), (0, 4))"}, "exhaustive": {}}, "holds no number"),
    "invalid is accepted": (
        {"validator": "def valid(nums):\n    return True\n", "invalid": (([5],),)},
        "invalid[0]: is accepted: [5]",
    ),
    "validator refuses draws": (
        {"validator": "def valid(nums):\n    return len(nums) < 20\n", "invalid": (([1] * 20,),)},
        "sampler: draws for",
    ),
    "sampler outside": (
        {"sampler": "def sample(rng, category):\n    return ([rng.randint(-60, 50) for _ in range(9)],)\n"},
        "sampler: draws for",
    ),
    "sampler crashes": (
        {"sampler": "def sample(rng, category):\n    return 1 / 0\n"},
        "sampler: failed for category 'basic'",
    ),
    "sampler draws what JSON lacks": (
        {"sampler": "def sample(rng, category):\n    return ([1j],)\n"},
        "a complex is not plain data",
    ),
    "sampler draws an endless int": (
        {"sampler": "def sample(rng, category):\n    return ([10 ** 5000 + rng.randint(0, 9)],)\n"},
        "cases: a list with a number of too many digits with its answer cannot be kept in a file: an int has more",
    ),
    "sampler forgets the tuple": (
        {"sampler": "def sample(rng, category):\n    return [1]\n"},
        "sampler: returned [1], not a tuple",
    ),
}


@pytest.mark.parametrize(("change", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_problem_is_refuted(change, said, box):
    problem = replace(TOP, cpu_s=0.1, **change)
    assert any(said in fault for fault in faults(problem, box)), faults(problem, box)


def test_floats_are_compared_with_the_tolerance_of_the_problem(box):
    near = replace(
        TOP,
        references=(
            Reference("sum", "def top(nums):\n    return sum((n / 3 for n in nums), 0.0)\n"),
            Reference("division", "def top(nums):\n    return sum(nums) / 3 if nums else 0.0\n"),
        ),
        visible=(Case(([3, 6],), 3.0),),
        wrong=(),
    )
    assert any("no agreement" in fault for fault in faults(near, box))
    assert faults(replace(near, compare=Compare("floats", abs_tol=1e-9, rel_tol=1e-9)), box) == []


def test_a_checker_accepts_any_of_several_answers(box):
    first = "def pick(nums):\n    return 0 if nums else None\n"
    last = "def pick(nums):\n    return len(nums) - 1 if nums else None\n"
    none, inside = "output is expected is None", "output in range(len(args[0]))"
    check = f"def check(args, output, expected):\n    return {none} or {inside}\n"
    problem = replace(
        TOP,
        entry="pick",
        references=(Reference("first", first), Reference("last", last)),
        visible=(),
        wrong=(WrongProgram("behind", "def pick(nums):\n    return len(nums)\n", "one behind the last"),),
        compare=Compare("checker", source=check),
        unproved=("visible",),
    )
    found = faults(problem, box)
    assert [fault for fault in found if not fault.startswith("hidden:")] == []


def test_a_foreign_problem_is_checked_against_the_cases_it_came_with(box):
    given = replace(TOP, references=TOP.references[:1], hidden=(Case(([-1],), -1),), grammar={}, exhaustive={})
    given = replace(given, unproved=("references", "grammar", "cases"))
    assert faults(given, box) == []
    assert faults(replace(given, hidden=(Case(([-1],), 5),)), box) == [
        "references: 'max' fails 1 given cases, such as [-1]"
    ]
    assert faults(replace(given, hidden=()), box) == ["wrong: 'zero' passes every given case"]


def test_a_foreign_problem_is_checked_against_the_tests_it_came_with(box):
    given = replace(TOP, references=TOP.references[:1], wrong=(), grammar={}, exhaustive={}, visible=())
    given = replace(given, unproved=("references", "grammar", "cases", "visible"), test_prelude="NINE = 9\n")
    code = "def check(candidate):\n    assert candidate([1, NINE]) == {}\n\ncheck(top)\n"
    assert faults(replace(given, test_code=code.format(9)), box) == []
    assert faults(replace(given, test_code=code.format(8)), box) == ["references: 'max' fails the test code"]


def test_a_wrong_program_must_fail_the_tests_that_are_code(box):
    given = replace(TOP, references=TOP.references[:1], grammar={}, exhaustive={}, visible=())
    given = replace(given, unproved=("references", "grammar", "cases", "visible"))
    assert faults(replace(given, test_code="assert top([-1]) == -1\n"), box) == []
    assert faults(replace(given, test_code="assert top([1]) == 1\n"), box) == [
        "wrong: 'zero' passes every given case and the test code"
    ]
    shown = replace(given, visible=(Case(([1],), 1),), test_code="assert top([-1]) == -1\n")
    assert faults(shown, box) == []


def test_an_answer_that_no_file_can_hold_is_a_fault_of_its_problem(box):
    long = Reference("long", "def top(nums):\n    return 10 ** 5000 + len(nums)\n")
    said = "cases: [1] with its answer cannot be kept in a file: an int has more than 4,300 digits; make it smaller"
    drawn = replace(TOP, references=(long, long), wrong=(), visible=(), exhaustive={"nums": "list(int(1, 1), 1)"})
    assert any("cannot be kept in a file: an int has more" in fault for fault in faults(drawn, box))
    given = replace(drawn, hidden=(Case(([1],), 10**5000 + 1),), grammar={}, exhaustive={})
    proof = prove(replace(given, unproved=("grammar", "visible", "cases")), box)
    assert proof.faults == [said]


def test_a_foreign_problem_on_which_nothing_runs_is_not_proved(box):
    given = replace(
        TOP, references=(), wrong=(), grammar={}, exhaustive={}, unproved=("references", "grammar", "cases")
    )
    assert not prove(given, box).ran
    bare = replace(given, references=TOP.references, visible=())
    assert faults(bare, box) == ["cases: there is neither a case nor test code, so nothing was run; give some"]


def test_test_code_that_tests_nothing_is_a_fault_of_its_problem(box):
    given = replace(TOP, wrong=(), grammar={}, exhaustive={}, unproved=("grammar", "cases"), test_code="x = 1\n")
    fault = faults(given, box)[0]
    assert fault.startswith("test_code: CodeTests.source: expected asserts")


def test_an_oracle_speaks_only_where_references_agree(box):
    split = replace(TOP, references=(Reference("max", FIRST), Reference("blind", NEGATIVE_BLIND)))
    agreed, disputed = oracle(split, [([1, 2],), ([-4],)], box)
    assert agreed.value == 2
    assert disputed.value == Failure("disagreement", "'max' and 'blind' differ")


def test_a_program_that_does_not_answer_gives_a_failure(box):
    ratio = "def top(nums):\n    return nums[0] / nums[1]\n"
    found = answers(TOP, ratio, [([1, 0],), ([4, 2],)], box)
    assert found[0].value == Failure("exception", "ZeroDivisionError: division by zero")
    assert found[1].value == 2.0


SAMPLER = """
def sample(rng, category):
    size = 20 if category == "adversarial" else rng.randint(1, 5)
    return ([rng.randint(0, 50) for _ in range(size)],)
"""


def test_a_sampler_draws_the_same_inputs_for_the_same_seed(box):
    problem = replace(TOP, sampler=SAMPLER)
    once, again = (draw_inputs(problem, "adversarial", 30, 5, box) for _ in range(2))
    assert once == again != draw_inputs(problem, "adversarial", 30, 6, box)
    assert {len(nums) for (nums,) in once} == {20}


def test_a_sampler_or_validator_is_never_run_without_a_sandbox():
    with pytest.raises(ValueError, match="give a box"):
        draw_inputs(replace(TOP, sampler=SAMPLER), "basic", 1, 0)
    with pytest.raises(ValueError, match="give a box"):
        input_faults(replace(TOP, validator="def valid(nums):\n    return True\n"), [([],)])


def test_a_validator_that_crashes_refuses(box):
    problem = replace(TOP, validator="def valid(nums):\n    return nums[0] < 5\n", invalid=(([9],),))
    accepted, refused, crashed, typed = input_faults(problem, [([1],), ([9],), ([],), ("no",)], box)
    assert accepted is None
    assert refused == "the validator does not accept it"
    assert "IndexError" in crashed
    assert typed == "nums: 'no' is not a list"


def test_a_small_domain_leaves_out_what_the_validator_refuses(box):
    problem = replace(TOP, validator="def valid(nums):\n    return nums == sorted(nums)\n", invalid=(([2, 1],),))
    assert all(nums == sorted(nums) for (nums,) in exhaustive_inputs(problem, box))
    assert len(exhaustive_inputs(TOP, box)) == 1 + 3 + 9 + 27 + 81


@pytest.mark.parametrize(("problem", "args"), [(TOP, ([1, 2],)), (DOUBLE, ("2\n4\n5\n",))], ids=["function", "stdin"])
def test_spoiled_inputs_are_all_refused(problem, args):
    assert problem.inputs.fault(args) is None
    spoiled = spoiled_inputs(problem, args)
    assert len(spoiled) > 2
    assert None not in [problem.inputs.fault(bad) for bad in spoiled]
