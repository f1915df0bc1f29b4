"""Conversations as the model sees them: token ids that only ever grow.

A conversation is opened once from messages, by the tokenizer's chat template. After that, the ids which the
policy samples are appended exactly as sampled, and what the environment says next is appended as a *bridge*:
the ids that the template puts between the end of an answer and the start of the next one. Nothing is
tokenised twice.

Promises: the ids before a turn are a prefix of the ids after it; every id has a mark that says whether the
policy sampled it; the template's own marks around an answer (an end-of-turn token, a newline after it) are
neither lost nor doubled. Refuses, when it is opened, a template that loses or changes an answer or a
question; a template without a system message says it at the beginning of the first question.
Does not promise the ids that the template would give to the whole conversation at once: templates that
rewrite earlier turns (cutting out thoughts, moving the system message) would show the model a past that it
never had.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Message = Mapping[str, str]

MOST_KNOWN = 1000
"""How many texts are remembered with their ids."""
_ANSWER = "@@answer@@"
_QUESTION = "@@question@@"


@dataclass
class Conversation:
    """Ids, and which of them are the policy's own."""

    ids: list[int]
    own: list[bool]
    """Whether the policy sampled the id, for every id."""
    log_probs: list[float] = field(default_factory=list)
    """Of the policy's own ids, in order, under the distribution they were sampled from."""
    opening: int = 0
    """How many ids stood there before the policy's first."""
    turn_ends: list[int] = field(default_factory=list)
    """For each answer, how many own ids there were after it."""
    finished: list[bool] = field(default_factory=list)
    """For each answer, whether the policy ended it, and not a limit."""

    @property
    def own_ids(self) -> list[int]:
        """The policy's own ids."""
        return [each for each, own in zip(self.ids, self.own, strict=True) if own]

    def hear(self, ids: Sequence[int]) -> None:
        """The environment's ids."""
        self.ids += ids
        self.own += [False] * len(ids)

    def forget(self, length: int) -> None:
        """Takes back what the environment said after the first `length` ids."""
        if any(self.own[length:]):
            raise ValueError(f"conversation: the policy has spoken after the first {length} ids; they stay")
        del self.ids[length:], self.own[length:]

    def say(self, seen: Sequence[int], ids: Sequence[int], log_probs: Sequence[float], finished: bool) -> None:
        """The policy's answer to the ids that its engine says it saw, which must be these."""
        if list(seen) != self.ids:
            raise ValueError(
                f"conversation: the engine answered {len(seen)} ids that are not the {len(self.ids)} of the "
                "conversation; a text was tokenised twice somewhere between"
            )
        if len(ids) != len(log_probs):
            raise ValueError(f"conversation: {len(ids)} ids with {len(log_probs)} log-probs; one is needed for each")
        self.ids += ids
        self.own += [True] * len(ids)
        self.log_probs += log_probs
        self.turn_ends.append(len(self.log_probs))
        self.finished.append(finished)


class Chat:
    """A tokenizer's chat template, as openings and bridges."""

    def __init__(self, tokenizer: Any, eos_ids: Sequence[int] = (), **template_settings: Any):
        if not getattr(tokenizer, "chat_template", None):
            raise ValueError(
                "chat: the tokenizer has no chat template; set `agent.model.chat_template` to a Jinja text or to a file"
            )
        self._tokenizer = tokenizer
        self._settings = template_settings
        self._known: dict[str, tuple[int, ...]] = {}
        self._lock = threading.Lock()  # a fast tokenizer is not made for two threads at once
        self.eos_ids = tuple(dict.fromkeys([*eos_ids, *_ids_of(tokenizer.eos_token_id)]))
        """Every id that ends an answer."""
        self._takes_system = True
        self._check()
        self._takes_system = self._hears_system()

    def open(self, messages: Sequence[Message]) -> Conversation:
        """A conversation that waits for the policy's first answer."""
        ids = self._encode(self._render(messages, answering=True))
        return Conversation(ids, [False] * len(ids), opening=len(ids))

    def follow(self, conversation: Conversation, messages: Sequence[Message]) -> None:
        """Appends what the environment says after an answer."""
        bridge = self.bridge(messages)
        last = conversation.ids[-1]
        if last in self.eos_ids and bridge and bridge[0] == last:
            bridge = bridge[1:]  # the policy has sampled the end-of-turn token itself
        conversation.hear(bridge)

    def bridge(self, messages: Sequence[Message]) -> list[int]:
        """The ids from the end of an answer's text to the start of the next answer."""
        before = [{"role": "user", "content": _QUESTION}, {"role": "assistant", "content": _ANSWER}]
        text = self._render([*before, *messages], answering=True)
        return self._encode(text[text.index(_ANSWER) + len(_ANSWER) :])

    def text(self, ids: Sequence[int]) -> str:
        """What an answer says: its text without the ids that end it."""
        kept = list(ids)
        while kept and kept[-1] in self.eos_ids:
            kept.pop()
        with self._lock:
            return str(self._tokenizer.decode(kept, skip_special_tokens=False, clean_up_tokenization_spaces=False))

    def _render(self, messages: Sequence[Message], answering: bool) -> str:
        messages = messages if self._takes_system else _without_system(messages)
        rendered: str = self._tokenizer.apply_chat_template(
            [dict(message) for message in messages],
            tokenize=False,
            add_generation_prompt=answering,
            **self._settings,
        )
        return rendered

    def _encode(self, text: str) -> list[int]:
        found = self._known.get(text)  # the samples of a group begin with the same text
        if found is None:
            with self._lock:
                found = tuple(self._tokenizer(text, add_special_tokens=False)["input_ids"])
            if len(self._known) > MOST_KNOWN:
                self._known.clear()
            self._known[text] = found
        return list(found)

    def _hears_system(self) -> bool:
        """Whether the template has a place for a system message: some refuse one, some leave it out."""
        from jinja2 import TemplateError

        messages = [{"role": "system", "content": _ANSWER}, {"role": "user", "content": _QUESTION}]
        try:
            return self._render(messages, answering=True).count(_ANSWER) == 1
        except TemplateError:
            return False

    def _check(self) -> None:
        """Tries the template on a conversation of two turns."""
        messages = [
            {"role": "user", "content": _QUESTION},
            {"role": "assistant", "content": _ANSWER},
            {"role": "user", "content": _QUESTION},
        ]
        text = self._render(messages, answering=True)
        if text.count(_ANSWER) != 1 or text.count(_QUESTION) != 2 or text.endswith(_QUESTION):
            raise ValueError(
                "chat: the chat template loses or repeats a message, or does not open the assistant's turn "
                f"(it rendered {text!r}); give another one in `agent.model.chat_template`"
            )


def _without_system(messages: Sequence[Message]) -> list[Message]:
    """The messages with the system's words at the beginning of the question that follows."""
    found: list[Message] = []
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "system":
            waiting.append(message["content"])
        else:
            found.append({**message, "content": "\n\n".join([*waiting, message["content"]])})
            waiting = []
    return found


def _ids_of(eos: int | Sequence[int] | None) -> list[int]:
    if eos is None:
        return []
    return [eos] if isinstance(eos, int) else list(eos)
