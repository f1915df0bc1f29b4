"""What Hydra and OmegaConf say against a setting, in our own words: where, what, and what to do next.

Promises: one line. What is not known here comes in the first line of what they said.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable

WANTED = {"Integer": "a whole number", "Float": "a number", "Boolean": "true or false", "String": "a text"}
"""What a value could not be converted to -> what to give."""
QUOTING = "write key=value, and a value with commas, quotes or brackets of its own as \"key='...'\""


def in_words(error: BaseException) -> str:
    """The sentence for an exception of Hydra or OmegaConf."""
    from omegaconf.errors import MissingMandatoryValue, OmegaConfBaseException

    said = str(error).splitlines()[0] if str(error) else type(error).__name__
    if missing := re.search(r"[Mm]issing mandatory value: (\S+)", said):
        return _missing(missing[1], str(getattr(error, "full_key", "") or ""))
    if isinstance(error, OmegaConfBaseException) and not isinstance(error, MissingMandatoryValue):
        return f"{error.full_key or 'settings'}: {said}"
    if options := getattr(error, "options", None):
        group, _, choice = str(getattr(error, "missing_cfg_file", "")).rpartition("/")
        return f"{group}={choice}: there is no {group} {choice!r}; {guess(choice, map(str, options))}"
    if merged := re.fullmatch(r"Error merging override (.*)", said):
        return _merged(merged[1], str(error.__cause__ or "").splitlines())
    if there := re.search(r"An item is already at '(.*)'", said):
        return f"+{there[1]}: there is a setting {there[1]!r}; leave out the +"
    if there := re.match(r"Multiple values for (\w+)", said):
        return f"+{there[1]}: something is chosen for {there[1]} already; leave out the +"
    if other := re.match(r"Could not override '(.*)'", said):
        return f"{other[1]}: there is nothing of that name to set; --help shows what there is"
    return ": ".join([said, *str(error.__cause__ or "").splitlines()[:1]])


def _missing(setting: str, asked: str) -> str:
    """For a value that has no default; `asked` is its whole name, or that of another setting which refers to it."""
    whole = asked if asked.rpartition(".")[2] == setting else setting
    other = f", or {asked}=..." if asked not in ("", whole) else ""
    return f"{whole} has no default; add {whole}=...{other}"


def _merged(override: str, why: list[str]) -> str:
    """For an override whose value does not fit its setting."""
    key, _, value = override.partition("=")
    reason = why[0] if why else "is refused"
    if found := re.search(r"could not be converted to (\w+)", reason):
        return f"{override}: give {WANTED.get(found[1], found[1])}"
    if "is not a ListConfig" in reason:
        return f"{override}: give a list, such as {key}=[{value}]"
    if "is not a subclass of" in reason:
        return f"{override}: {key} has settings of its own; set one of those, as --help shows them"
    return f"{override}: {reason}"


def guess(name: str, known: Iterable[str], shown: Iterable[str] | None = None) -> str:
    """A sentence with the known names that begin so, or with the nearest one, or with those to choose from."""
    names = list(known)
    by_last = {each.rsplit(".", 1)[-1]: each for each in reversed(names)}
    begun = [each for each in dict.fromkeys(names) if each.startswith(name)]
    near = (
        begun
        or difflib.get_close_matches(name, names, 1)
        or [by_last[each] for each in difflib.get_close_matches(name.rsplit(".", 1)[-1], by_last, 1)]
    )
    if near:
        return f"did you mean {' or '.join(map(repr, near))}?"
    return f"choose from {', '.join(shown if shown is not None else names)}"
