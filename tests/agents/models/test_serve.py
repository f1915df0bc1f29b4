"""The OpenAI-compatible server of transformers, with a tiny model, and our client against it over a real socket."""

import asyncio
import os
import signal
import socket
import sys
import time
import urllib.request
import warnings

import pytest

from agents.models import Sampling, closing, open_model
from agents.models.practice_server import PracticeServer
from tests.needs import needs

needs("torch", "transformers")

ASK = [{"role": "user", "content": "hello"}]


async def asking(sampling, **config):
    model = open_model(config)
    async with closing(model):
        return await model.complete(ASK, sampling)


@pytest.fixture(scope="module")
def served(tiny_model):
    """The address of `transformers serve` with the tiny model."""
    for package in ("fastapi", "uvicorn"):
        pytest.importorskip(package, reason="transformers serve needs it: pip install transformers[serving]")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    server = started(["serve", str(tiny_model), "--host", "127.0.0.1", "--port", port, "--device", "cpu"])
    try:
        wait_for(f"http://127.0.0.1:{port}/health")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)


def started(arguments):
    """The command `transformers` in a fork of this process, which has imported most of what it needs."""
    server = os.fork()
    if server:
        return server
    try:
        quiet = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(quiet, stream)
        warnings.simplefilter("ignore")
        sys.argv = ["transformers", *arguments]
        import torch
        from transformers.cli.transformers import main

        torch.set_num_threads(1)  # the threads of this process are not there
        main()
    finally:
        os._exit(1)


def wait_for(url, patience_s=120.0):
    until = time.monotonic() + patience_s
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            assert time.monotonic() < until, f"{url} does not answer"
            time.sleep(0.05)


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "in pieces"])
def test_the_server_of_transformers_answers_us(served, tiny_model, stream):
    config = {"server": "transformers", "model": str(tiny_model), "base_url": served, "stream": stream}
    sampling = Sampling(n=3, temperature=1.0, max_tokens=8, seed=2)
    replies = asyncio.run(asking(sampling, **config))
    assert len({reply.text for reply in replies}) == 3
    assert all(0 < reply.usage.completion_tokens <= 8 for reply in replies)
    assert {reply.usage.prompt_tokens for reply in replies} == {len("<user>hello\n<assistant>")}
    again = asyncio.run(asking(sampling.only(2), **config))
    assert again[0].text == replies[2].text, "the seed of a sample is its own"


def test_a_local_model_behind_a_server_says_the_same_as_in_this_process(tiny_model):
    local = open_model(f"local/{tiny_model}", device="cpu")
    sampling = Sampling(n=2, temperature=1.0, max_tokens=8, seed=2)
    here = asyncio.run(local.complete(ASK, sampling))
    answers = {sampling.seed_of(sample): reply.text for sample, reply in zip(sampling.samples, here, strict=True)}

    with PracticeServer(text=lambda asked: answers[asked["seed"]]) as server:
        there = asyncio.run(asking(sampling, server="transformers", model="tiny", base_url=server.url))
    assert [reply.text for reply in there] == [reply.text for reply in here]
