"""The terminal that all commands print to, and the bar that says how far they are.

Promises: text of strangers cannot steer the terminal: control characters are shown as replacement characters. Nothing
in a table is cut off: what does not fit goes on below, and where no terminal is, the table is as wide as it must be.
Long work says how far it is on the error stream: by a bar in a terminal, elsewhere by a line now and then.
Does not promise anything about what is piped as JSON: there, JSON's own escapes do it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from threading import Event, Thread
from typing import Any

from rich import box
from rich.console import Console, ConsoleOptions, RenderableType
from rich.measure import Measurement
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn
from rich.segment import Segment
from rich.table import Table

from sandbox.ending import printable

EVERY_S = 10.0
"""Between two lines of progress, where no terminal shows a bar."""
WIDE = 120
"""Columns that a table may take, where there is no terminal and `COLUMNS` does not say how wide it is."""
ENDLESS = 10_000


class Terminal(Console):
    """A console for text that nobody vouches for."""

    def print(self, *objects: Any, **options: Any) -> None:
        """Prints; where there is no terminal, a line has no end that could be cut off."""
        super().print(*objects, **{"crop": self.is_terminal, **options})

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments, with only our own control sequences."""
        options = options or self.options
        if isinstance(renderable, Table):
            for column in renderable.columns:
                column.overflow = "fold" if column.overflow == "ellipsis" else column.overflow
            if options.max_width == self.width and not self.is_terminal:  # in a panel there is no more room
                options = options.update(width=self._room(renderable, options))
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(printable(segment.text), segment.style)

    def _room(self, table: Table, options: ConsoleOptions) -> int:
        """The columns for a table that is not shown in a terminal."""
        need = Measurement.get(self, options.update(width=ENDLESS), table)
        wide = 0 if "COLUMNS" in os.environ else min(need.maximum, WIDE)
        return max(options.max_width, need.minimum, wide)

    def on_broken_pipe(self) -> None:
        """Leaves it to the command what becomes of a reader that has gone."""
        raise BrokenPipeError


def slim_table(*heads: str, **options: Any) -> Table:
    """A table with little between its cells; what stands below a head that begins with `>` are numbers."""
    table = Table(
        box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), title_justify="left",
        header_style="bold", **options,
    )  # fmt: skip
    for head in heads:
        table.add_column(head.removeprefix(">"), justify="right" if head.startswith(">") else "left")
    return table


class ProgressBar(Progress):
    """A bar on the error stream, gone at the end; each task says in its description what was last."""

    def __init__(
        self, doing: str, *columns: ProgressColumn, unit: str = "", every_s: float = EVERY_S, disable: bool = False
    ) -> None:
        shown = columns or (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
        console = Terminal(stderr=True)
        self.doing, self.unit, self.every_s, self._over = doing, unit, every_s, Event()
        self._in_lines = not (disable or console.is_interactive)
        super().__init__(
            TextColumn(doing), *shown, console=console, transient=True, disable=disable or self._in_lines,
            auto_refresh=not self._in_lines,  # else `track` would count only while a bar is shown
        )  # fmt: skip

    def start(self) -> None:
        """Shows the bar, or begins to say lines."""
        super().start()
        if self._in_lines:
            Thread(target=self._tell, daemon=True).start()

    def stop(self) -> None:
        """Ends it."""
        self._over.set()
        super().stop()

    def _tell(self) -> None:
        while not self._over.wait(self.every_s):
            for task in self.tasks:
                total = "?" if task.total is None else f"{task.total:.0f}"
                far = f"{self.doing}: {task.completed:.0f} of {total} {self.unit}".rstrip()
                told = f"{far} in {task.elapsed or 0:.0f} s  {task.description}".rstrip()
                self.console.print(told, markup=False, highlight=False, soft_wrap=True)
