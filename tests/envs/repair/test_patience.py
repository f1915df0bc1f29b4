"""A program that never ends is waited for once in a split, and gets the same marks however it was judged."""

import time

from envs.asking import settle
from envs.problems import Case
from envs.repair.patience import judged, marks
from sandbox import Verdict, open_sandbox

HANGS_ON_THREES = "def top(nums):\n    while 3 in nums:\n        pass\n    return max(nums)\n"


def cases(*lists):
    return tuple(Case((nums,), max(nums)) for nums in lists)


def test_the_cases_after_a_timeout_are_not_run(box, highest):
    began = time.monotonic()
    [report] = settle(judged(highest, HANGS_ON_THREES, cases([1], [3], *([3, place] for place in range(60)))), box)
    assert report.total == len(report.judgements) == 62
    assert marks(report) == (True, *(False,) * 61)
    assert {each.outcome.error for each in report.judgements[2:]} == {"not run: it did not end in time before"}
    assert time.monotonic() - began < 62 * highest.cpu_s


def test_splits_are_judged_apart(box, highest):
    shown, picked = settle(judged(highest, HANGS_ON_THREES, cases([3], [1]), cases([1], [2])), box)
    assert (marks(shown), marks(picked)) == ((False, False), (True, True))


def test_what_the_cache_knows_changes_no_mark(highest):
    some = cases([1], [2], [3], [4], [5])
    with open_sandbox("auto", cache_mb=8) as box:
        settle(judged(highest, HANGS_ON_THREES, cases([4], [5])), box)
        [known] = settle(judged(highest, HANGS_ON_THREES, some), box)
        [again] = settle(judged(highest, HANGS_ON_THREES, some), box)
    assert marks(known) == marks(again) == (True, True, False, False, False)
    assert [each.verdict for each in known.judgements[2:]] == [Verdict.TIMEOUT] * 3


def test_only_the_first_split_is_traced(box, highest):
    shown, picked = settle(judged(highest, HANGS_ON_THREES, cases([1]), cases([1]), trace=True), box)
    assert {2, 4} <= shown.judgements[0].outcome.lines
    assert not picked.judgements[0].outcome.lines


def test_a_split_without_cases_has_an_empty_report(box, highest):
    nothing, picked = settle(judged(highest, HANGS_ON_THREES, (), cases([1])), box)
    assert (nothing.total, nothing.judgements) == (0, ())
    assert marks(picked) == (True,)
