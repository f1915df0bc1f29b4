"""What a command line says to Hydra, checked first, so that a slip of the finger gets a guess instead of a
traceback.

Promises: an unknown group, choice, key or option is a ValueError that names the nearest known one, and a setting of
another choice names that choice; what is right, and what only Hydra can judge (ranges), passes. A new `+key` passes
where its group takes any, or checks its settings itself. Each value that is listed for a sweep is checked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import is_dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.refusals import QUOTING, guess, in_words

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override
    from omegaconf import DictConfig

_TWICE = re.compile(r"^([+~\w./@]+)=([\w.+-]+=[^'\"{}\[\](),]+)$")
"""An override whose value has an = and nothing that means something to Hydra."""
SHOWS = {"--help", "-h", "--cfg", "-c", "--info", "-i"}
"""Flags that show the configuration and run nothing."""
MANY = {"--multirun", "-m"}
"""Flags that make a run for each of several values."""
SHOWN = ("job", "hydra", "all")
"""What --cfg can show."""
FLAGS_WITH_VALUES = {
    "--cfg", "-c", "--package", "-p", "--config-path", "-cp", "--config-name", "-cn", "--config-dir", "-cd",
    "--experimental-rerun",
}  # fmt: skip
FLAGS = {*SHOWS, *MANY, *FLAGS_WITH_VALUES, "--hydra-help", "--version", "--resolve", "--run", "-r"}
FLAGS |= {"--shell-completion", "-sc"}
GONE = {
    "problems.validation": "was read by nothing; to measure on other problems, such as validation, set problems.test"
}
"""Settings that there were."""
OPEN = {"env": ["id"], "agent.parameters": []}
"""Groups that take any setting, written with a +, where they have these alone -> these."""
FIXED = "problems"
"""A group without a schema that takes no new setting either."""
REGISTERED = re.compile(r"(?:[\w.]+:)?[\w/-]+-v\d+")
"""What the ids of environments look like."""
USUAL_CHOICE = {"problems": "file"}
"""Group -> the choice to name where nearly all have a setting."""


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
    """Raises for the first of `words` that cannot be meant."""
    _check_flags(config_name, words)
    overrides = overrides_in(words)
    if not overrides:
        return
    for one in overrides:
        if one.key_or_group in GONE:
            raise ValueError(f"{one.key_or_group}: {GONE[one.key_or_group]}")
    if not MANY & set(words) and not any(one.key_or_group == "hydra.mode" for one in overrides):
        _check_single(overrides)
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
    _check_new(config_name, overrides, groups)


def _check_flags(config_name: str, words: Sequence[str]) -> None:
    """Raises for an option that Hydra does not have, or that lacks its value; short ones stand alone (`-c job`)."""
    flags = [(place, *word.partition("=")) for place, word in enumerate(words) if word.startswith("-")]
    for place, name, equals, value in flags:
        if name == "--":
            return
        name = next(iter(_flags_of(name)), name)
        given = value if equals else next(iter(words[place + 1 :]), "")
        if name not in FLAGS:
            hint = _as_setting(name.lstrip("-"), given, config_name) or guess(name, sorted(FLAGS))
            raise ValueError(f"{name}: there is no such option; {hint}")
        if name in ("--cfg", "-c") and given not in SHOWN:
            raise ValueError(f"{name}: {given!r} is nothing to show; choose from {', '.join(SHOWN)}")
        if name in FLAGS_WITH_VALUES and not given:
            raise ValueError(f"{name}: needs a value; write {name} VALUE")


def _as_setting(key: str, value: str, config_name: str) -> str:
    """How a setting is set that was written as an option; empty where there is none of that name."""
    if key not in _groups(config_name) and _unknown(key, _composed(config_name)):
        return ""
    return f"write {key}={'...' if '=' in value or value.startswith('-') else value or '...'}"


def _flags_of(name: str) -> list[str]:
    """The flag of that name, or the only one that begins so, as `argparse` takes it."""
    begun = [flag for flag in sorted(FLAGS) if name.startswith("--") and flag.startswith(name)]
    return [name] if name in FLAGS else begun if len(begun) == 1 else []


def _check_single(overrides: Sequence[Override]) -> None:
    """Raises for several values of a setting where one run is asked for."""
    for one in overrides:
        if one.is_sweep_override():
            raise ValueError(
                f"{one.input_line}: is more than one value; add -m to make a run for each ([a,b] is a list)"
            )


def _check_keys(config_name: str, overrides: Sequence[Override], groups: dict[str, list[str]]) -> None:
    ours = [one for one in overrides if one.key_or_group not in groups and not one.is_add()]
    of_hydra = [one for one in ours if one.key_or_group.startswith("hydra.")]
    told = _chosen(overrides, groups)
    config = _composed(config_name, *told)
    for one in ours:
        if not one.key_or_group.startswith("hydra"):
            _check_open(one, config)
            _check_owner(one.key_or_group, config_name, told, groups)
            _check_key(one.key_or_group, config, groups)
    for one in of_hydra:
        _check_key(one.key_or_group, _composed(config_name, *told, whole=True), ())


def _chosen(overrides: Sequence[Override], groups: Collection[str]) -> list[str]:
    """What is chosen for groups, the first of several choices."""
    return [
        f"{one.key_or_group}={_first(one)}" for one in overrides if one.key_or_group in groups and not one.is_delete()
    ]


def _check_new(config_name: str, overrides: Sequence[Override], groups: dict[str, list[str]]) -> None:
    """Raises for a setting with a + that nothing would read."""
    from omegaconf import OmegaConf

    for one in overrides:
        if (
            (one.is_add() or one.is_force_add())
            and one.key_or_group not in groups
            and not one.key_or_group.startswith(("env.", "hydra"))
        ):
            config = _composed(config_name, *_chosen(overrides, groups))
            before = _unknown(one.key_or_group, config).rpartition(".")[0]
            node = OmegaConf.select(config, before, throw_on_missing=False) if before else config
            if before == FIXED or is_dataclass(OmegaConf.get_type(node)):
                _check_key(one.key_or_group, config, groups)


def _check_open(override: Override, config: DictConfig) -> None:
    """Raises for a setting without the + that its group wants, which takes any."""
    from omegaconf import OmegaConf

    key = override.key_or_group
    before, _, name = key.rpartition(".")
    node = OmegaConf.select(config, before, throw_on_missing=False) if before in OPEN else None
    if node is not None and [*map(str, node)] == OPEN[before] != [name] and not override.is_delete():
        raise ValueError(f"{key}: is new to {before}, and a new setting needs a +; write +{override.input_line}")


def _check_owner(key: str, config_name: str, told: Sequence[str], groups: dict[str, list[str]]) -> None:
    """Raises for a setting that its group has with other choices alone."""
    group = key.partition(".")[0]
    if group == key or not groups.get(group) or not _unknown(key, _composed(config_name, *told)):
        return
    asked = [USUAL_CHOICE[group]] if group in USUAL_CHOICE else groups[group]
    owners = [each for each in asked if not _unknown(key, _composed(config_name, *told, f"{group}={each}"))]
    if owners:
        now = _composed(config_name, *told, whole=True).hydra.runtime.choices[group]
        others = f" (or {', '.join(owners[1:])})" if owners[1:] else ""
        raise ValueError(f"{key}: {group}={now} has no such setting; say {group}={owners[0]}{others}, too")


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
    return [_override(word) for word in _overrides_of(words)]


def _override(word: str) -> Override:
    from hydra.core.override_parser.overrides_parser import OverridesParser

    try:
        [found] = OverridesParser.create().parse_overrides([word])
    except Exception:  # hydra's own, of several unrelated classes
        raise ValueError(f"{word}: cannot be read; {QUOTING}") from None
    if not found.key_or_group:
        raise ValueError(f"{word}: sets nothing; write key=value")
    return found


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
    if not override.is_sweep_override():
        return [] if override.is_delete() and value is None else ["null" if value is None else str(value)]
    return [str(one) for one in getattr(value, "list", ())]


def _first(override: Override) -> str:
    return next(iter(_choices(override)), "null")


def _check_choices(override: Override, options: Sequence[str]) -> None:
    for choice in _choices(override):
        if choice not in options:
            group, hint = override.key_or_group, guess(choice, options)
            if group == "env" and REGISTERED.fullmatch(choice):
                hint = f"write env=gymnasium env.id={choice}"
            what = "are" if group.endswith("s") else "is"
            raise ValueError(f"{group}={choice}: there {what} no {group} {choice!r}; {hint}")


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
    """Raises for a setting that the configuration does not have."""
    from omegaconf import OmegaConf

    asked = _unknown(key, config)
    if not asked:
        return
    before = asked.rpartition(".")[0]
    node = OmegaConf.select(config, before, throw_on_missing=False) if before else config
    if not OmegaConf.is_dict(node):
        raise ValueError(f"{key}: {before} is no group of settings; set the whole of it with {before}=...")
    known = [f"{before}.{name}" if before else str(name) for name in map(str, node)]
    everywhere = known if before else [*known, *_paths(config), *groups]
    raise ValueError(f"{key}: there is no setting {asked!r}; {guess(asked, everywhere, shown=known)}")


def _unknown(key: str, config: DictConfig) -> str:
    """As much of a key, from its beginning, as it takes to name what is not there; empty where all of it is."""
    from omegaconf import DictConfig, ListConfig, OmegaConf

    node: Any = config
    parts = key.split(".")
    for depth, part in enumerate(parts):
        if isinstance(node, ListConfig):
            return ""  # only Hydra can judge a place in a list
        if not isinstance(node, DictConfig) or node._is_none() or part not in map(str, node.keys()):
            return ".".join(parts[: depth + 1])  # a key whose value is missing counts
        node = None if OmegaConf.is_missing(node, part) else node._get_node(part)
    return ""


def _refusal(config_name: str, overrides: Sequence[Override]) -> str:
    """What Hydra says against a value or a key; it composes with each value, for only then types are checked."""
    from hydra.errors import HydraException

    try:
        for words in _jobs(overrides):
            _composed(config_name, *words)
    except HydraException as error:
        return in_words(error)
    return ""


@cache
def _composed(config_name: str, *words: str, whole: bool = False) -> DictConfig:
    """What the words come to, to be read only; `whole`: with the settings of Hydra itself."""
    from hydra import compose, initialize_config_module

    with initialize_config_module("configs", version_base="1.3"):
        return compose(config_name, list(words), return_hydra_config=whole)


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
