"""What a command line says to Hydra, checked first, so that a slip of the finger gets a guess instead of a
traceback.

Promises: an unknown group, choice or key is a ValueError that names the nearest known one; what is right, and
what only Hydra can judge (`+key`, `~key`, ranges, flags), passes. Each value that is listed for a sweep is checked.
"""

from __future__ import annotations

import difflib
import importlib.util
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override
    from omegaconf import DictConfig

_TWICE = re.compile(r"^([+~\w./@]+)=([\w.+-]+=[^'\"{}\[\](),]+)$")
"""An override whose value has an = and nothing that means something to Hydra."""
SHOWS = {"--help", "-h", "--cfg", "-c", "--info", "-i"}
"""Flags that show the configuration and run nothing."""
FLAGS_WITH_VALUES = {
    "--cfg",
    "-c",
    "--package",
    "-p",
    "--config-path",
    "-cp",
    "--config-name",
    "-cn",
    "--config-dir",
    "-cd",
}


def told() -> list[str]:
    """The overrides of the running job, as they were written."""
    from hydra.core.hydra_config import HydraConfig

    return list(HydraConfig.get().overrides.task) if HydraConfig.initialized() else []


def sweep_folder() -> Path | None:
    """The folder that Hydra has made for the running job of a sweep; None where there is no sweep."""
    from hydra.core.hydra_config import HydraConfig
    from hydra.types import RunMode

    if HydraConfig.initialized() and HydraConfig.get().mode is RunMode.MULTIRUN:
        return Path(HydraConfig.get().runtime.output_dir)
    return None


def quoted(words: Sequence[str]) -> list[str]:
    """The words, with quotes around a value such as DATA_SET=PATH, whose second = Hydra would not read."""
    return [_TWICE.sub(r"\1='\2'", word) for word in words]


def check_overrides(config_name: str, words: Sequence[str]) -> None:
    """Raises for the first override of `words` that cannot be meant."""
    overrides = overrides_in(words)
    if not overrides:
        return
    groups = _groups(config_name)
    chosen = [one for one in overrides if one.key_or_group in groups]
    for one in chosen:
        _check_choices(one, groups[one.key_or_group])
    refusal = _refusal(config_name, overrides)
    if refusal or not all(map(_is_tried, overrides)):
        _check_keys(config_name, overrides, groups)
    if not SHOWS & set(words):
        for one in chosen:
            _check_missing(one, [each.key_or_group for each in overrides])
    if refusal:
        raise ValueError(refusal)


def _check_keys(config_name: str, overrides: Sequence[Override], groups: dict[str, list[str]]) -> None:
    from hydra import compose, initialize_config_module

    chosen = [one for one in overrides if one.key_or_group in groups and not one.is_delete()]
    with initialize_config_module("configs", version_base="1.3"):
        config = compose(config_name, [f"{one.key_or_group}={_first(one)}" for one in chosen])
    for one in overrides:
        if (
            one.key_or_group not in groups
            and not (one.is_add() or one.is_delete())
            and not one.key_or_group.startswith("hydra")
        ):
            _check_key(one.key_or_group, config, groups)


@cache
def _groups(config_name: str) -> dict[str, list[str]]:
    """The groups of configurations, with their choices, once the command of that name has registered its own."""
    from hydra import initialize_config_module
    from hydra.core.global_hydra import GlobalHydra

    with initialize_config_module("configs", version_base="1.3"):
        loader = GlobalHydra.instance().config_loader()
        return {group: loader.get_group_options(group) for group in loader.list_groups("") if group != "hydra"}


def overrides_in(words: Sequence[str]) -> list[Override]:
    """The words that set something, as Hydra understands them."""
    from hydra.core.override_parser.overrides_parser import OverridesParser

    try:
        return list(OverridesParser.create().parse_overrides(_overrides_of(words)))
    except Exception as error:  # hydra's own, of several unrelated classes
        raise ValueError(f"{str(error).splitlines()[0]}; write key=value") from None


def _overrides_of(words: Sequence[str]) -> list[str]:
    """The words that set something; flags and their values do not."""
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = word in FLAGS_WITH_VALUES
        else:
            found.append(word)
    return found


def _choices(override: Override) -> list[str]:
    """The choices that an override names: one, several in a sweep, or none that can be known here."""
    value: Any = override.value()
    found = list(getattr(value, "list", [value])) if override.is_sweep_override() else [value]
    return [str(one) for one in found if isinstance(one, str)]


def _first(override: Override) -> str:
    return next(iter(_choices(override)), "null")


def _check_choices(override: Override, options: Sequence[str]) -> None:
    for choice in _choices(override):
        if choice not in options:
            where = f"{override.key_or_group}={choice}"
            raise ValueError(f"{where}: there is no {override.key_or_group} {choice!r}; {guess(choice, options)}")


def _check_missing(override: Override, given: Collection[str]) -> None:
    """Raises for a choice with a setting that has no default, when nothing of the group is given."""
    from omegaconf import OmegaConf

    group = override.key_or_group
    if any(name.startswith(f"{group}.") for name in given):
        return
    for choice in _choices(override):
        with as_file(files("configs").joinpath(group, f"{choice}.yaml")) as path:
            config = OmegaConf.load(path)
        if missing := [f"{group}.{key}" for key in map(str, config) if OmegaConf.is_missing(config, key)]:
            raise ValueError(f"{group}={choice}: {missing[0]} has no default; add {missing[0]}=...")


def _check_key(key: str, config: DictConfig, groups: Iterable[str]) -> None:
    from omegaconf import DictConfig, OmegaConf

    node: Any = config
    parts = key.split(".")
    for depth, part in enumerate(parts):
        if not isinstance(node, DictConfig):
            return  # a list, or a value that only Hydra can judge
        if part not in map(str, node.keys()):  # a key whose value is missing counts
            before = ".".join(parts[:depth])
            known = [f"{before}.{name}" if before else str(name) for name in map(str, node)]
            everywhere = known if depth else [*known, *_paths(config), *groups]
            asked = ".".join(parts[: depth + 1])
            raise ValueError(f"{key}: there is no setting {asked!r}; {guess(asked, everywhere, shown=known)}")
        node = None if OmegaConf.is_missing(node, part) else node._get_node(part)
        if node is not None and not isinstance(node, DictConfig):
            return


def _refusal(config_name: str, overrides: Sequence[Override]) -> str:
    """What Hydra says against a value or a key; it composes with each value, for only then types are checked."""
    from hydra import compose, initialize_config_module
    from hydra.errors import HydraException

    with initialize_config_module("configs", version_base="1.3"):
        try:
            for words in _jobs(overrides):
                compose(config_name, words)
        except HydraException as error:
            return ": ".join([str(error).splitlines()[0], *str(error.__cause__ or "").splitlines()[:1]])
    return ""


def _is_tried(override: Override) -> bool:
    """Whether its values are known before a sweep runs: those of a range or a distribution are not."""
    return bool(override.is_choice_sweep() or not override.is_sweep_override())


def _jobs(overrides: Sequence[Override]) -> Iterator[list[str]]:
    """What some jobs of a sweep are told, so that each value is in one of them."""
    told = [_values(one) for one in overrides if _is_tried(one)]
    for place in range(max(map(len, told), default=1)):
        yield [values[min(place, len(values) - 1)] for values in told]


def _values(override: Override) -> list[str]:
    """The override for each of its values alone."""
    if not override.is_sweep_override():
        return [str(override.input_line)]
    return [f"{override.get_key_element()}={value}" for value in override.sweep_string_iterator()]


def _paths(config: DictConfig) -> list[str]:
    """Every setting, by its last name too: somebody may forget to say `agent.`."""
    from omegaconf import DictConfig

    found = []
    for name in map(str, config):
        node = config._get_node(name)
        if isinstance(node, DictConfig) and not node._is_none() and not node._is_missing():
            found += [f"{name}.{each}" for each in map(str, node)]
    return found


def guess(name: str, known: Iterable[str], shown: Iterable[str] | None = None) -> str:
    """A sentence with the nearest of the known names, or with those to choose from."""
    names = list(known)
    by_last = {each.rsplit(".", 1)[-1]: each for each in reversed(names)}
    near = difflib.get_close_matches(name, names, 1) or [
        by_last[each] for each in difflib.get_close_matches(name.rsplit(".", 1)[-1], by_last, 1)
    ]
    return f"did you mean {near[0]!r}?" if near else f"choose from {', '.join(shown if shown is not None else names)}"


def need(package: str, extra: str, what: str) -> None:
    """Raises, with the command that helps, when an optional package is missing."""
    if importlib.util.find_spec(package) is None:
        raise ValueError(f"{what} needs {package}; install it with: pip install 'sparring[{extra}]'")
