"""Why a model gave no reply.

    Exception
      +  ModelError
           -  ModelFault      the server or the network, after all tries; another moment may be kinder. Never a score
           -  ModelRefused    this request will never work: unknown model, prompt too long, wrong setting
                -  KeyRefused     the key is not accepted: no request will work until somebody changes it
           -  BudgetSpent     the money or the tokens are used up: stop cleanly, what is finished stays

Promises: no text of an error holds a key; replies that were paid for are not lost with the error that others met.
Does not promise that the caller's own mistakes are among these: those are ValueErrors.
"""

from __future__ import annotations

from collections.abc import Mapping

from agents.models.chat import Reply


class ModelError(Exception):
    """Anything that kept a model from replying."""

    def __init__(self, text: str, finished: Mapping[int, Reply] | None = None):
        super().__init__(text)
        self.finished = dict(finished or {})
        """Replies of the same call that did arrive, by their numbers: they are paid for and worth keeping."""


class ModelFault(ModelError):  # noqa: N818 - the names are the house's
    """The machine's fault, as a `SandboxFault` is: counted apart, never scored as a failure."""


class ModelRefused(ModelError):  # noqa: N818 - the names are the house's
    """The server understood and said no."""


class KeyRefused(ModelRefused):
    """The key is missing, revoked or not allowed to do this."""


class BudgetSpent(ModelError):  # noqa: N818 - the names are the house's
    """A limit of money or tokens is reached."""
