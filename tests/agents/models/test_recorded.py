"""Recordings of replies."""

import asyncio
import json

import pytest

from agents.models import Reply, Sampling, Usage, open_model
from agents.models.practice_server import PracticeServer
from agents.models.recorded import RecordedModel, Recording

ASK = [{"role": "user", "content": "hello"}]


class Echo:
    name = "echo"

    async def complete(self, messages, sampling):
        return [Reply(f"{messages[-1]['content']} {sample}", Usage(1, 2), 0.25, 1.5) for sample in sampling.samples]


def complete(model, messages=ASK, sampling=None):
    return asyncio.run(model.complete(messages, sampling or Sampling()))


def test_what_was_recorded_is_played_again(tmp_path):
    path = tmp_path / "run" / "record.jsonl"
    recording = Recording(Echo(), path)
    complete(recording, sampling=Sampling(n=3, seed=1))
    complete(recording, [{"role": "user", "content": "bye"}])
    player = RecordedModel(path)
    again = complete(player, sampling=Sampling(n=2, first_sample=1, seed=1))
    assert [reply.text for reply in again] == ["hello 1", "hello 2"]
    assert (again[0].usage, again[0].cost_usd, again[0].latency_s, again[0].spent_usd) == (Usage(1, 2), 0.25, 1.5, 0)
    assert complete(player, [{"role": "user", "content": "bye"}])[0].text == "bye 0"


def test_a_question_that_was_not_recorded_gets_no_invented_reply(tmp_path):
    complete(Recording(Echo(), tmp_path / "r.jsonl"))
    player = RecordedModel(tmp_path / "r.jsonl")
    for sampling in (Sampling(temperature=0.9), Sampling(first_sample=1)):
        with pytest.raises(ValueError, match="holds no reply"):
            complete(player, sampling=sampling)


def test_a_recording_that_cannot_be_written_costs_one_warning_and_never_a_reply(tmp_path, caplog):
    """A full disk, or a folder in its place: an episode goes on with the replies that were paid for."""
    recording = Recording(Echo(), tmp_path / "r.jsonl")
    recording.path.mkdir()
    for _ in range(2):
        assert complete(recording, sampling=Sampling(n=2))[1].text == "hello 1"
    assert recording.lost == 4
    [told] = [each.getMessage() for each in caplog.records]
    assert "r.jsonl: cannot be written ([Errno 21] Is a directory" in told


def test_lines_without_messages_are_used_in_turn(tmp_path):
    (tmp_path / "r.jsonl").write_text('{"reply": "one"}\n\n{"reply": {"text": "two", "finish": "length"}}\n')
    player = open_model(f"recorded/{tmp_path}/r.jsonl")
    assert [reply.text for reply in complete(player, sampling=Sampling(n=2))] == ["one", "two"]
    with pytest.raises(ValueError, match="holds no reply"):
        complete(player)


def test_a_bad_line_is_named(tmp_path):
    (tmp_path / "r.jsonl").write_text('{"reply": "one"}\n{"replies": 3}\n')
    with pytest.raises(ValueError, match=r"r\.jsonl:2: is not a recorded reply"):
        RecordedModel(tmp_path / "r.jsonl")
    with pytest.raises(ValueError, match="there is no file"):
        open_model(f"recorded/{tmp_path}/nothing.jsonl")


def test_a_line_that_a_kill_tore_is_left_out_and_recording_goes_on(tmp_path, caplog):
    path = tmp_path / "r.jsonl"
    complete(Recording(Echo(), path))
    whole = path.read_bytes()
    for torn in (whole[:40], whole[:-2]):
        path.write_bytes(whole + torn)
        assert complete(RecordedModel(path))[0].text == "hello 0"
        assert "r.jsonl:2: is left out" in caplog.text
        complete(Recording(Echo(), path), [{"role": "user", "content": "bye"}])
        assert complete(RecordedModel(path), [{"role": "user", "content": "bye"}])[0].text == "bye 0"
        assert path.read_bytes().startswith(whole)
        assert path.read_bytes().count(b"\n") == 2


def test_a_whole_last_line_without_its_end_counts_and_stays(tmp_path):
    path = tmp_path / "r.jsonl"
    path.write_text('{"reply": "one"}\n{"reply": "two"}')
    assert [reply.text for reply in complete(RecordedModel(path), sampling=Sampling(n=2))] == ["one", "two"]
    complete(Recording(Echo(), path))
    assert len([json.loads(line) for line in path.read_text().splitlines()]) == 3


def test_a_recording_is_made_by_a_setting(tmp_path):
    async def run(url):
        model = open_model(
            {"server": "other", "model": "m", "base_url": url, "key_needed": False, "record": str(tmp_path / "r.jsonl")}
        )
        await model.complete(ASK, Sampling(n=2))
        await model.close()

    with PracticeServer(text="from the server") as server:
        asyncio.run(run(server.url))
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text().splitlines()]
    assert [line["sample"] for line in lines] == [0, 1]
    assert complete(RecordedModel(tmp_path / "r.jsonl"))[0].text == "from the server"
