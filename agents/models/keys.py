"""API keys: where they come from, and that they go nowhere else.

Promises: a key's value is in no repr, no text, no pickle and no copy of a `Key`; only `reveal` gives it, and
only the client that sends it calls that. `hide` blots a key out of texts that servers wrote, also where it stands in
quotes. What looks like a key among settings is refused, and not repeated: settings are written into run directories.
Does not promise to hide a key from a debugger.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

BLOT = "[key]"
ELSEWHERE = (
    "and settings are written into run directories; put the key into an environment variable and give its name as "
    "key_env (or a file's as key_file)"
)
SECRETS = {"key", "token", "auth", "bearer", "cookie"}
"""Names of what is no setting."""
ENDINGS = (
    *("api_key", "apikey", "access_key", "secret_key", "private_key", "subscription_key", "secret", "credentials"),
    *("auth_token", "access_token", "hub_token", "bearer_token", "session_token", "password", "authorization"),
)
"""How other names of what is no setting end, x_api_key and client_secret among them."""
_INNER = re.compile(r"([\w-]+)['\"]?\s*:")
"""A name in a mapping on a command line."""
_INNER_VARIABLE = re.compile(r"\bkey_env['\"]?\s*:\s*['\"]?([^\s,{}'\"]+)")
"""What such a mapping gives as key_env."""
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KNOWN_KEY = re.compile(r"(sk|pk|rk|hf|gsk|xai|ghp|nvapi)[-_]\S+|(AIza|AKIA|Bearer )\S+")
"""How the keys of known providers begin."""
_RANDOM_KEY = re.compile(r"(?=.*\d)((?=.*[a-z])[\w.+=-]{16,}|[A-Z0-9]{16,})")
"""Long, with digits, and unlike the name of a variable: small letters, or nothing that parts words."""
SHORTEST = 6
"""Shorter keys ("none", "EMPTY") are conventions, not secrets: blotting them out would spoil ordinary words."""


class Key:
    """A key that keeps itself to itself."""

    __slots__ = ("_value", "source")

    def __init__(self, value: str, source: str):
        self._value = value
        self.source = source
        """Where it comes from, for messages: a variable's name, or a file's."""

    def reveal(self) -> str:
        """The key itself."""
        return self._value

    def hide(self, text: str) -> str:
        """The text without the key."""
        if len(self._value) < SHORTEST:
            return text
        return re.sub(_spelling(self._value), BLOT, text)

    def __repr__(self) -> str:
        return f"Key(from {self.source})"

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{self!r}: a key is never copied or stored; open the model again where it is needed")


NO_KEY = Key("none", "nowhere: this server needs none")


def find_key(variable: str = "", file: str = "", needed: bool = True) -> Key:
    """The key in an environment variable or in the first line of a file."""
    if file:
        path = Path(file).expanduser()
        if not path.is_file():
            shown = BLOT if looks_like_key(str(file)) else repr(str(path))
            raise ValueError(f"key_file: there is no file {shown}; give the path of a file that holds the key")
        return Key(_clean(path.read_text("utf-8").partition("\n")[0], f"file {path}"), f"file {path}")
    value = os.environ.get(variable, "") if variable else ""
    if value.strip():
        return Key(_clean(value, f"variable {variable}"), f"variable {variable}")
    if needed:
        raise ValueError(
            f"key_env: the environment variable {variable or '(none named)'} is not set; "
            f"run: export {variable or 'NAME'}=... (or give key_env=ANOTHER, or key_file=PATH)"
        )
    return NO_KEY


def check_address(where: str, address: str | None) -> None:
    """Raises for an address with a user, a password or a query, and does not repeat them."""
    if "@" in str(address) or "?" in str(address):  # a password may hold any letter: one of these anywhere is too many
        raise ValueError(f"{where}: holds a user or a password before an @, or a query after a ?, {ELSEWHERE}")


def check_name(where: str, name: object) -> None:
    """Raises for the name of a setting that holds a secret."""
    plain = str(name).lower().replace("-", "_")
    if plain in SECRETS or plain.endswith(ENDINGS):
        raise ValueError(f"{where}: {name}: keys are not settings, {ELSEWHERE}")


def check_names(where: str, value: Any) -> None:
    """Raises for a secret at any depth of a mapping; a mapping of such a name, as schemas have, is only looked into."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if not isinstance(inner, Mapping):
                check_name(where, name)
            check_names(where, inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            check_names(where, inner)


def check_variable(where: str, name: object) -> None:
    """Raises for what is no name of a variable, or looks like a key, and does not repeat it."""
    text = "" if name is None else str(name)
    if text and not _VARIABLE.fullmatch(text) or looks_like_key(text) and text not in os.environ:
        raise ValueError(f"{where}: is no name of an environment variable, or looks like a key itself, {ELSEWHERE}")


def looks_like_key(text: str) -> bool:
    """Whether a text is more like a key than like a name."""
    return bool(_KNOWN_KEY.fullmatch(text) or _RANDOM_KEY.fullmatch(text))


def check_words(words: Iterable[str]) -> None:
    """Raises for a secret on a command line, before any word is repeated in an error or written by Hydra."""
    for word in words:
        name, _, value = word.partition("=")
        last = name.lstrip("+").rpartition(".")[2]
        check_name(name, last)
        if last.endswith("url"):
            check_address(name, value)
        if last == "key_env" and not re.search(r"[$(]", value):  # those stand for values that Hydra finds
            for each in value.split(","):
                check_variable(name, each.strip("'\" "))
        for inner in _INNER.findall(value):
            check_name(name, inner)
        for each in _INNER_VARIABLE.findall(value):
            check_variable(name, each)


def _spelling(value: str) -> str:
    """A pattern of a key as it is and in quotes within quotes: each pair puts backslashes before some letters."""
    parts = re.split(r"(\\*[\"'/]|\\+)", value)
    for place in range(1, len(parts), 2):
        backslashes = r"\\+" if parts[place].startswith("\\") else r"\\*"
        parts[place] = backslashes + parts[place].strip("\\")
    parts[::2] = map(re.escape, parts[::2])
    return "".join(parts)


def _clean(value: str, source: str) -> str:
    value = value.strip()
    if not value or not value.isascii() or not value.isprintable():
        raise ValueError(f"key: the {source} holds no usable key (empty, or letters that no header may hold)")
    return value
