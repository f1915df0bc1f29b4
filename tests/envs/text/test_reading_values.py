"""Asserts about names: a value that may have changed, or an assert that may not run, is not believed."""

import pytest

from envs.text import Misread, TestCase, read_test, read_tests

SIGNATURE = "def solve(nums: list[int], k: int = 1) -> int"
RIGHT = TestCase(([1, 2], 3), 5)


def read(text, signature=SIGNATURE, **keywords):
    return read_test(text, "function", "solve", signature, **keywords)


CHANGES = [
    "nums.append(2)",
    "nums[0] = 5",
    "nums += [2]",
    "del nums[0]",
    "random.shuffle(nums)",
    "for n in range(3): nums[0] = n",
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_value_that_may_have_changed_is_not_used(change):
    found = read(f"nums = [1]\n{change}\nassert solve(nums) == 1")
    assert isinstance(found, Misread)
    assert "the name `nums` has no value that can be read" in found.reason


@pytest.mark.parametrize(
    "change", [*CHANGES, "result.sort()", "result += 1", "print(result.pop())", "x = result.pop()"]
)
def test_an_answer_that_may_have_changed_is_not_used(change):
    found = read(f"result = solve([3, 1])\n{change}\nassert result == [1, 3]")
    assert isinstance(found, Misread)
    assert "`result` may not be what solve returned any more; write `assert solve(nums, k) == answer`" in found.reason


LOOKS = [
    "print(result, len(nums))",
    "import random",
    "total = sum(nums)",
    "case = Solution()",
    "if_so = sorted(nums)",
    "self.assertIsNotNone(result)",
    "other = copy.deepcopy(nums)",
    "for each in nums:\n    print(each)",
    "if result != 4:\n    print('other')",
]


@pytest.mark.parametrize("look", LOOKS)
def test_what_only_looks_at_values_changes_none(look):
    assert read(f"nums = [1, 2]\nresult = solve(nums, 3)\n{look}\nassert result == 5") == RIGHT


MAY_NOT_RUN = [
    "if k > 5:\n    assert solve([1], k) == 1",
    "if k > 5:\n    pass\nelse:\n    assert solve([1], k) == 1",
    "with pytest.raises(AssertionError):\n    assert solve([1], k) == 1",
    "try:\n    pass\nexcept ValueError:\n    assert solve([1], k) == 1",
    "match k:\n    case 2:\n        assert solve([1], k) == 1",
]


@pytest.mark.parametrize("text", MAY_NOT_RUN)
def test_an_assert_that_may_not_run_is_refused(text):
    assert read(f"k = 2\n{text}") == Misread(
        "asserts inside a block that may not run are not read; write every test out"
    )


@pytest.mark.parametrize(
    "text",
    [
        "while k:\n    if k:\n        assert solve([1], k) == 1",
        "for k in range(2):\n    try:\n        assert solve([1], k) == 1\n    finally:\n        pass",
    ],
)
def test_an_assert_deep_inside_a_loop_is_refused_as_one(text):
    assert "asserts inside a loop are not read" in read(text).reason


@pytest.mark.parametrize(
    "change",
    [
        "if k > 5:\n    k = 7",
        "try:\n    k = 7\nexcept ValueError:\n    pass",
        "with x as k:\n    pass",
        "import k",
        "if x:\n    import k",
        "if x:\n    match x:\n        case k:\n            pass",
        "def k(): pass",
    ],
)
def test_a_value_that_a_block_may_have_given_is_not_used(change):
    assert "the name `k` has no value" in read(f"k = 2\n{change}\nassert solve([1], k) == 1").reason


ALWAYS_RUN = [
    'if __name__ == "__main__":\n    assert solve([1, 2], k) == 5',
    "class T(TestCase):\n    def test(self):\n        with self.subTest(k=k):\n            self.assertEqual(solve([1, 2], k), 5)",
    "try:\n    assert solve([1, 2], k) == 5\nexcept AssertionError:\n    print('no')",
]


@pytest.mark.parametrize("text", ALWAYS_RUN)
def test_an_assert_in_a_block_that_always_runs_is_read(text):
    assert read(f"k = 3\n{text}") == RIGHT


def test_values_that_change_places_are_read_before_they_do():
    assert read("a, b = 3, [1, 2]\na, b = b, a\nassert solve(a, b) == 5") == RIGHT


def test_a_parameter_is_not_the_value_of_the_same_name():
    assert "the name `k` has no value" in read("k = 2\ndef test(k):\n    assert solve([1], k) == 1").reason


def test_a_value_that_is_given_anew_below_a_function_is_not_used_in_it():
    found = read("k = 2\ndef test():\n    assert solve([1], k) == 1\nk = 3\ntest()")
    assert "the name `k` has no value" in found.reason
    assert read("k = 3\ndef test():\n    assert solve([1, 2], k) == 5") == RIGHT


def test_a_doctest_that_is_no_python_may_have_changed_any_value():
    broken = ">>> nums = [1, 2]\n>>> nums.append(\n>>> solve(nums)\n1\n"
    assert isinstance(read(broken), Misread)
    assert isinstance(read(f"{broken}\n>>> solve(nums)\n1"), Misread)
    assert read(f"{broken}\n>>> nums = [3]\n>>> solve(nums)\n1").args == ([3],)


def test_a_doctest_that_changes_a_value_and_shows_another_is_remembered():
    assert isinstance(read(">>> nums = [1, 2]\n>>> nums.pop()\n2\n>>> solve(nums)\n1"), Misread)


def test_the_arguments_of_a_call_are_those_of_its_own_moment():
    assert read("nums = [1]\nresult = solve(nums)\nnums = [2]\nassert result == 3") == TestCase(([1],), 3)


def test_a_method_of_a_value_is_not_the_function_of_the_same_name():
    found = read_test('assert "abc".count("a") == 1', "function", "count")
    assert isinstance(found, Misread)


def test_a_value_of_a_name_ends_with_the_function_that_gave_it():
    text = "def test_one():\n    n = [1]\n    assert solve(n) == 1\ndef test_two():\n    assert solve(n) == 2"
    assert [type(each) for each in read_tests(text, "function", "solve")] == [TestCase, Misread]


@pytest.mark.parametrize(
    "name", ["assertNotEqual", "assertGreaterEqual", "assertLessEqual", "assertNotAlmostEqual", "assertCountEqual"]
)
def test_a_method_of_unittest_that_leaves_the_answer_open_is_refused(name):
    told = read(f"self.{name}(solve([1, 2], 3), 5)").reason
    assert f"`{name}` does not say which value a call returns; write `assert solve(nums, k) == answer`" in told


@pytest.mark.parametrize(
    "name", ["assertEquals", "assertListEqual", "assertDictEqual", "assertIs", "assertAlmostEqual"]
)
def test_a_method_of_unittest_that_names_the_answer_is_read(name):
    assert read(f"self.{name}(solve([1, 2], 3), 5)").expected == 5
