"""What `--help` prints: every setting with its value and what it means.

The meaning stands where the setting is declared: below a field of a schema, or behind a key of a file in configs/.

Promises: what is printed is the configuration that the same words would run. Does not promise that every setting has
an explanation: some names say enough.
"""

from __future__ import annotations

import ast
import inspect
import re
import shutil
import textwrap
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

from agents.overrides import overrides_in

if TYPE_CHECKING:
    from omegaconf import DictConfig

ASKS = ("--help", "-h")
"""The words that ask for it."""
KEY = re.compile(r"^( *)'?(\w+)'?:")
"""A line of YAML that sets a key: how far it is indented, and the key."""
COLUMN, NARROWEST = 36, 80
"""Where explanations begin, and how wide the narrowest page is."""


def help_of(config_name: str, words: Sequence[str]) -> str:
    """The help of a command, for the configuration that the words choose."""
    from hydra import compose, initialize_config_module
    from hydra.core.global_hydra import GlobalHydra
    from omegaconf import OmegaConf

    told = [str(one.input_line) for one in overrides_in(words) if not one.is_sweep_override()]
    with initialize_config_module("configs", version_base="1.3"):
        loader = GlobalHydra.instance().config_loader()
        groups = {name: loader.get_group_options(name) for name in loader.list_groups("")}
        config, hydra = compose(config_name, told), compose(config_name, told, return_hydra_config=True).hydra
    chosen = {group: hydra.runtime.choices[group] for group in sorted(groups) if group in hydra.runtime.choices}
    meanings = {name: text for group, choice in chosen.items() for name, text in _of_file(group, str(choice))}
    meanings |= dict(_of_schemas(config))
    width = max(NARROWEST, shutil.get_terminal_size((120, 0)).columns)
    before, after = str(hydra.help.template).split("$CONFIG")
    choices = "".join(f"{group}: {', '.join(groups[group])}\n" for group in chosen)
    settings = "\n".join(_explained(OmegaConf.to_yaml(config), meanings, width))
    return f"{before.replace('$APP_CONFIG_GROUPS', choices)}{settings}\n{after}".rstrip()


def _of_schemas(config: DictConfig, path: str = "") -> Iterator[tuple[str, str]]:
    """Path and meaning of the settings that a schema declares."""
    from omegaconf import DictConfig, OmegaConf

    schema = OmegaConf.get_type(config)
    if isinstance(schema, type) and schema is not dict:
        yield from ((f"{path}{name}", text) for name, text in _of_fields(schema))
    for key in map(str, config):
        node = None if OmegaConf.is_missing(config, key) else config._get_node(key)
        if isinstance(node, DictConfig) and not node._is_none():
            yield from _of_schemas(node, f"{path}{key}.")


def _of_fields(schema: type) -> Iterator[tuple[str, str]]:
    """The fields of a record with the texts that stand below them."""
    body = ast.parse(textwrap.dedent(inspect.getsource(schema))).body[0]
    assert isinstance(body, ast.ClassDef)
    for field, below in pairwise(body.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, " ".join(text.split())


def _of_file(group: str, choice: str) -> Iterator[tuple[str, str]]:
    """The keys of a configuration file with the remarks behind them."""
    file = files("configs").joinpath(group, f"{choice}.yaml")
    for line, path in _keys(file.read_text("utf-8") if group != "experiment" and file.is_file() else ""):
        _, mark, remark = line.partition(" # ")
        if path and mark:
            yield f"{group}.{path}", remark.strip()


def _keys(text: str) -> Iterator[tuple[str, str]]:
    """The lines of a YAML text, each with the path of the key that it sets; empty for one that sets none."""
    path: list[tuple[int, str]] = []
    for line in text.splitlines():
        if found := KEY.match(line):
            path = [*(each for each in path if each[0] < len(found[1])), (len(found[1]), found[2])]
        yield line, ".".join(name for _, name in path) if found else ""


def _explained(text: str, meanings: dict[str, str], width: int) -> Iterator[str]:
    """The lines of a YAML text with the meaning of each setting behind it."""
    for line, path in _keys(text):
        meaning = meanings.get(path)
        if not meaning:
            yield line
            continue
        start = line.ljust(COLUMN) if len(line) < COLUMN else f"{line}  "
        first, *rest = textwrap.wrap(meaning, width - COLUMN - 2, break_long_words=False)
        yield f"{start}# {first}"
        yield from (f"{'':{COLUMN}}# {each}" for each in rest)
