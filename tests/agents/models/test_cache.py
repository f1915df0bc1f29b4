"""The cache of replies: independent draws, several processes, and disks and processes that fail."""

import asyncio
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents.models import Cached, ModelFault, Reply, ReplyCache, Sampling, Usage, closing, open_model
from agents.models.cache import key_of
from agents.models.practice_server import Behaviour, PracticeServer

ROOT = Path(__file__).resolve().parents[3]
ASK = [{"role": "user", "content": "hello"}]


class Counting:
    """Numbers its replies."""

    name = "counting"

    def __init__(self):
        self.drawn = 0
        self.calls = []

    async def complete(self, messages, sampling):
        self.calls.append((sampling.first_sample, sampling.n))
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
