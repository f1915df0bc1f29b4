"""Items of a data set, one by one, from a path or from the hub.

Promises: no more than one record is held at a time; the first mistake is raised, or all are listed in
`.errors` and the rest still loads. Does not promise order beyond that of the files.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from envs.problems.fields import ProblemError, Where
from envs.problems.loaders.registry import DataSet, data_set
from envs.problems.loaders.row import Bounds, Row
from envs.problems.loaders.samples import Sample
from envs.problems.loaders.source import Found, Source
from envs.problems.schema import Problem

Item = Problem | Sample


class Stream(Iterator[Item]):
    """The items of a data set; reading goes on as they are taken."""

    def __init__(self, name: str, chosen: DataSet, found: Iterator[Found], source: Source, on_error: str) -> None:
        self.name, self.errors, self.source = name, list[ProblemError](), source
        self.passed_over = 0
        """Records that are not for us, such as those in other languages."""
        self._skip = on_error == "skip"
        self._items = self._all(chosen, found)

    def __next__(self) -> Item:
        return next(self._items)

    def problems(self) -> list[Problem]:
        """All problems that are left."""
        return [item for item in self if isinstance(item, Problem)]

    def _all(self, chosen: DataSet, found: Iterator[Found]) -> Iterator[Item]:
        seen: dict[str, Where] = {}
        for row in found:
            try:
                item = self._item(chosen, row, seen)
            except ProblemError as error:
                if not self._skip:
                    raise
                self.errors.append(error)
                continue
            if item is None:
                self.passed_over += 1
            else:
                yield item

    def _item(self, chosen: DataSet, row: Found, seen: dict[str, Where]) -> Item | None:
        if isinstance(row, ProblemError):
            raise row
        try:
            item = chosen.convert(row)
        except RecursionError:
            raise ProblemError(f"{row.where}: holds lists in lists that are too deep") from None
        if item is not None:
            if item.id in seen:
                raise ProblemError(
                    f"{row.where}: the id {item.id!r} stands already in {seen[item.id]}; ids must differ"
                )
            seen[item.id] = row.where
        return item


def load(
    name: str,
    path: str | Path | None = None,
    *,
    hub: bool = False,
    split: str = "",
    on_error: str = "raise",
    bounds: Bounds = Bounds(),  # noqa: B008
) -> Stream:
    """The items of a data set, from a file or folder, or (`hub=True`) from the Hugging Face hub."""
    chosen = data_set(name)
    if on_error not in ("raise", "skip"):
        raise ValueError(f"on_error: {on_error!r} is not 'raise' or 'skip'")
    if hub == (path is not None):
        raise ValueError(f"{name}: give either a path or hub=True")
    source = Source(Path(f"hub:{name}") if path is None else _looked_at(Path(path)), bounds, split)
    found = _hub_rows(name, chosen, split, bounds) if path is None else chosen.read(source)
    return Stream(name, chosen, found, source, on_error)


def _looked_at(path: Path) -> Path:
    try:
        path.exists()
    except OSError as error:  # it is too long, or lies in a folder that is closed to us
        raise ProblemError(f"{path}: cannot be looked at: {error.strerror}; give another path") from None
    return path


def load_with_progress(stream: Stream) -> Iterator[Item]:
    """The same items, with a progress bar on the error stream."""
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeElapsedColumn

    from sandbox.terminal import ProgressBar

    columns = (BarColumn(), DownloadColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with ProgressBar(f"reading {stream.name}", *columns, unit="bytes") as bar:
        task = bar.add_task("", total=stream.source.total_bytes() or None)
        for count, item in enumerate(stream, 1):
            bar.update(task, completed=stream.source.read_bytes, description=f"{count} read")
            yield item


def named_problems(text: str, on_error: str = "raise") -> list[Problem]:
    """The problems that `NAME=PATH` names, such as `humaneval=HumanEval.jsonl.gz`, with a progress bar.

    With `on_error="skip"` the good records load, and a line on the error stream tells of each that was skipped.
    """
    name, _, path = text.partition("=")
    stream = load(name, path, on_error=on_error)
    items = list(load_with_progress(stream))
    for error in stream.errors:
        print(f"skipped: {error}", file=sys.stderr)
    problems = [item for item in items if isinstance(item, Problem)]
    if items and not problems:
        raise ValueError(f"{name}: holds no problems but {type(items[0]).__name__} records; use load({name!r}, path)")
    return problems


def _hub_rows(name: str, chosen: DataSet, split: str, bounds: Bounds) -> Iterator[Found]:
    """Rows of the hub, streamed; it is asked when the first one is taken."""
    if not chosen.hub:
        raise ValueError(f"{name}: is not on the hub; give a path")
    if importlib.util.find_spec("datasets") is None:
        raise ValueError(f"{name}: the hub needs the package datasets: pip install 'sparring[data]'")
    wanted = split or chosen.hub_split
    return (
        Row(record, Where(f"hub:{chosen.hub}/{wanted}", line), wanted, bounds)
        for line, record in enumerate(_hub_records(chosen, wanted), 1)
    )


def _hub_records(chosen: DataSet, split: str) -> Iterator[Any]:
    import datasets  # type: ignore[import-not-found, unused-ignore]

    if chosen.hub_files:
        kind = "arrow" if chosen.hub_files.endswith(".arrow") else "json"
        files = f"hf://datasets/{chosen.hub}/{chosen.hub_files.format(split=split)}"
        yield from datasets.load_dataset(kind, data_files=files, split="train", streaming=True)
    else:
        yield from datasets.load_dataset(chosen.hub, chosen.config, split=split, streaming=True)
