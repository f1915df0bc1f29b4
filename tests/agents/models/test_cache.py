"""The cache of replies: independent draws, several processes, and disks and processes that fail."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from agents.models import Cached, ModelFault, ModelRefused, Reply, ReplyCache, Sampling, Usage, closing, open_model
from agents.models.cache import key_of
from agents.models.practice_server import Behaviour, PracticeServer

ROOT = Path(__file__).resolve().parents[3]
ASK = [{"role": "user", "content": "hello"}]


class Counting:
    """Numbers its replies."""

    name = "counting"

    def __init__(self, latency_s=0.0, fails_at=None):
        self.drawn = 0
        self.calls = []
        self.latency_s, self.fails_at = latency_s, fails_at

    async def complete(self, messages, sampling):
        self.calls.append((sampling.first_sample, sampling.n))
        await asyncio.sleep(self.latency_s)
        if sampling.first_sample == self.fails_at:
            raise ModelRefused("no")
        self.drawn += sampling.n
        return [Reply(f"reply {self.drawn - sampling.n + number}", Usage(3, 4), 0.5) for number in range(sampling.n)]


def texts(model, sampling, messages=ASK):
    return [reply.text for reply in asyncio.run(model.complete(messages, sampling))]


@pytest.fixture
def cached(tmp_path):
    model = Cached(Counting(), ReplyCache(tmp_path / "deep" / "cache.sqlite"))
    yield model
    model.cache.close()


def test_a_question_is_paid_for_once(cached):
    assert texts(cached, Sampling()) == texts(cached, Sampling()) == ["reply 0"]
    [reply] = asyncio.run(cached.complete(ASK, Sampling()))
    assert cached.model.drawn == 1
    assert reply.cached
    assert (reply.cost_usd, reply.spent_usd, reply.usage) == (0.5, 0.0, Usage(3, 4))


def test_repeated_votes_are_independent_draws(cached):
    votes = [texts(cached, Sampling(first_sample=number))[0] for number in range(3)]
    assert votes == ["reply 0", "reply 1", "reply 2"]
    assert texts(cached, Sampling(n=3)) == votes
    assert cached.model.drawn == 3


def test_only_what_is_missing_is_drawn(cached):
    texts(cached, Sampling(first_sample=1))
    texts(cached, Sampling(first_sample=4))
    cached.model.calls.clear()
    assert texts(cached, Sampling(n=6)) == ["reply 2", "reply 0", "reply 3", "reply 4", "reply 1", "reply 5"]
    assert cached.model.calls == [(0, 1), (2, 2), (5, 1)]


@pytest.mark.parametrize(
    "other",
    [Sampling(temperature=0.3), Sampling(top_p=0.9), Sampling(max_tokens=9), Sampling(stop=("#",)), Sampling(seed=1)],
)
def test_another_sampling_is_another_question(cached, other):
    assert texts(cached, Sampling()) != texts(cached, other)


def test_other_messages_or_another_model_are_another_question():
    keys = {
        key_of("a", ASK, Sampling(), 0),
        key_of("b", ASK, Sampling(), 0),
        key_of("a", [{"role": "system", "content": "hello"}], Sampling(), 0),
        key_of("a", ASK * 2, Sampling(), 0),
        key_of("a", ASK, Sampling(), 1),
    }
    assert len(keys) == 5
    assert key_of("a", ASK, Sampling(n=7, first_sample=3), 3) == key_of("a", ASK, Sampling(first_sample=3), 3)


def test_the_first_reply_to_a_question_stays_for_everybody(tmp_path):
    one, other = (Cached(Counting(), ReplyCache(tmp_path / "cache")) for _ in range(2))
    other.model.drawn = 100
    assert one.cache.get([key_of("counting", ASK, Sampling(), 0)]) == {}

    async def race():
        return await asyncio.gather(one.complete(ASK, Sampling()), other.complete(ASK, Sampling()))

    first, second = asyncio.run(race())
    assert first[0].text == second[0].text
    one.cache.close()
    other.cache.close()


def test_who_paid_is_told_what_it_cost_though_another_reply_stays(cached):
    key = key_of("counting", ASK, Sampling(), 0)
    cached.cache.put("counting", {key: Reply("first", Usage(1, 1), 0.1, finish="length")})
    kept = cached.cache.put("counting", {key: Reply("second", Usage(3, 4), 0.5)})
    assert kept == {key: Reply("first", Usage(3, 4), 0.5, finish="length", cached=False)}


def test_a_question_that_is_under_way_is_waited_for(cached):
    async def ask_all():
        return await asyncio.gather(
            *(cached.complete(ASK, Sampling(n=2, first_sample=number % 2)) for number in range(6))
        )

    replies = asyncio.run(ask_all())
    assert {tuple(reply.text for reply in pair) for pair in replies} == {("reply 0", "reply 1"), ("reply 1", "reply 2")}
    assert cached.model.drawn == 3
    assert sum(not reply.cached for pair in replies for reply in pair) == 3


@pytest.mark.parametrize("end", ["cancelled", "refused"])
def test_when_the_first_asker_fails_the_next_one_asks(tmp_path, end):
    model = Cached(Counting(latency_s=0.02), ReplyCache(tmp_path / "cache"))
    model.model.fails_at = 0 if end == "refused" else None

    async def ask_twice():
        first, second = (asyncio.create_task(model.complete(ASK, Sampling())) for _ in range(2))
        await asyncio.sleep(0.01)
        model.model.fails_at = None if end == "cancelled" else 0
        if end == "cancelled":
            first.cancel()
        await asyncio.wait([first])
        model.model.fails_at = None
        return first, await second

    first, [reply] = asyncio.run(ask_twice())
    assert first.cancelled() or isinstance(first.exception(), ModelRefused)
    assert (reply.text, reply.cached, len(model.model.calls)) == ("reply 0", False, 2)
    model.cache.close()


def test_an_error_carries_what_is_known_and_what_arrived_before_it(cached):
    texts(cached, Sampling(first_sample=1))
    cached.model.fails_at = 4
    texts(cached, Sampling(first_sample=3))
    with pytest.raises(ModelRefused) as caught:
        texts(cached, Sampling(n=5))
    found = {sample: (reply.text, reply.cached) for sample, reply in sorted(caught.value.finished.items())}
    assert found == {
        0: ("reply 2", False), 1: ("reply 0", True), 2: ("reply 3", False), 3: ("reply 1", True),
    }  # fmt: skip
    assert texts(cached, Sampling(first_sample=2)) == ["reply 3"], "kept, too"


def test_a_file_that_is_locked_for_a_moment_is_waited_for(tmp_path, caplog):
    """SQLite does not wait by itself when somebody writes while it switches the file to the write-ahead log."""
    other = sqlite3.connect(tmp_path / "cache", check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.1, other.close).start()
    cache = ReplyCache(tmp_path / "cache")
    cache.put("m", {b"key": Reply("kept")})
    assert cache.get([b"key"])[b"key"].text == "kept"
    assert (cache.lost, caplog.text) == (0, "")
    cache.close()


def test_what_arrived_before_a_fault_is_kept(tmp_path):
    config = {"server": "other", "model": "tiny", "key_needed": False, "tries": 1, "concurrency": 1}
    config |= {"cache": str(tmp_path / "cache")}
    plan = [Behaviour(text="first"), Behaviour(status=500), Behaviour(text="third")]

    async def run(url):
        model = open_model(config | {"base_url": url})
        async with closing(model):
            with pytest.raises(ModelFault):
                await model.complete(ASK, Sampling(n=3))
            return await model.complete(ASK, Sampling(n=3))

    with PracticeServer(plan=plan, text="second") as server:
        replies = asyncio.run(run(server.url))
        assert [reply.text for reply in replies] == ["first", "second", "third"]
        assert [reply.cached for reply in replies] == [True, False, True]
        assert len(server.requests) == 4


WRITER = """
import sys
from agents.models.cache import ReplyCache
from agents.models.chat import Reply
path, name, count, limit = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
if limit != "none":
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
cache = ReplyCache(path)
for number in range(count):
    reply = Reply(name + "x" * 2000)
    kept = cache.put("m", {b"key %d" % number: reply})
    assert kept[b"key %d" % number].text[2000:2001]
    print(number, flush=True)
print("lost", cache.lost)
"""


def writer(path, name, count=10**9, limit="none"):
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(count), str(limit)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def test_processes_share_a_file(tmp_path):
    writers = [writer(tmp_path / "cache", name, 60) for name in "ab"]
    outputs = [process.communicate(timeout=60) for process in writers]
    assert [output.splitlines()[-1] for output, _ in outputs] == ["lost 0", "lost 0"], outputs
    cache = ReplyCache(tmp_path / "cache")
    found = cache.get([b"key %d" % number for number in range(60)])
    cache.close()
    assert len(found) == 60
    assert {reply.text[0] for reply in found.values()} <= {"a", "b"}


def test_a_killed_process_leaves_a_good_file(tmp_path):
    process = writer(tmp_path / "cache", "a")
    assert process.stdout is not None
    with process.stdout, process.stderr:
        while int(process.stdout.readline()) < 20:
            pass
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    cache = ReplyCache(tmp_path / "cache")
    assert len(cache.get([b"key %d" % number for number in range(20)])) == 20
    cache.put("m", {b"new": Reply("still works")})
    assert cache.get([b"new"])[b"new"].text == "still works"
    cache.close()


def test_a_full_disk_costs_the_cache_and_no_reply(tmp_path):
    output, errors = writer(tmp_path / "cache", "a", 200, limit=100_000).communicate(timeout=60)
    assert output.splitlines()[-2] == "199", errors
    lost = int(output.split()[-1])
    assert 0 < lost < 200
    cache = ReplyCache(tmp_path / "cache")
    assert 0 < len(cache.get([b"key %d" % number for number in range(200)])) <= 200 - lost
    cache.close()


def test_a_cache_stops_growing_at_its_limit(tmp_path, caplog):
    model = Cached(Counting(), ReplyCache(tmp_path / "cache", limit_mb=0.1))
    big = [{"role": "user", "content": "x"}]
    for number in range(300):
        [reply] = asyncio.run(model.complete(big, Sampling(first_sample=number)))
        assert reply.text
    model.cache.close()
    assert (tmp_path / "cache").stat().st_size <= 120_000
    assert len([record for record in caplog.records if "cannot keep" in record.message]) <= 1


def test_a_broken_file_costs_the_cache_and_no_reply(tmp_path, caplog):
    (tmp_path / "cache").write_text("this is no database, it is a letter to my aunt " * 100)
    model = Cached(Counting(), ReplyCache(tmp_path / "cache"))
    assert texts(model, Sampling()) == ["reply 0"]
    assert texts(model, Sampling()) == ["reply 1"]
    assert "Move the file away" in caplog.text
    assert (tmp_path / "cache").read_text().startswith("this is no database")
    model.cache.close()


def test_a_stopped_writer_does_not_stop_readers(tmp_path):
    cache = ReplyCache(tmp_path / "cache")
    cache.put("m", {b"old": Reply("old")})
    process = writer(tmp_path / "cache", "a")
    assert process.stdout is not None
    with process.stdout, process.stderr:
        process.stdout.readline()
        process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        assert cache.get([b"old"])[b"old"].text == "old"
        assert time.monotonic() - began < 5
        process.kill()
        process.wait(timeout=10)
    cache.close()


def test_a_model_that_is_told_less_is_another_one():
    whole = open_model("vllm/m", base_url="http://127.0.0.1:1/v1")
    less = open_model("vllm/m", base_url="http://127.0.0.1:1/v1", omit=["temperature", "stop"])
    assert whole.identity != less.identity
