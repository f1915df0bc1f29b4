"""Most tests run on bubblewrap, where it is here: it starts faster than a container.

The tests of the sandbox try every shell, Docker included, and see `auto` as users do. Property tests try the same
examples in every run; `pytest --hypothesis-profile=search` looks for new ones.
"""

import gc
import os

from hypothesis import settings

settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None, max_examples=2_000)
settings.load_profile("same")

os.environ.setdefault("SPARRING_SANDBOX", "bubblewrap")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # the tests are offline; TRL would try to count itself


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not go through the objects of torch and the like again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
