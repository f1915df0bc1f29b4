"""The terminal that all commands print to.

Promises: text of strangers cannot steer the terminal: control characters are shown as replacement characters.
Does not promise anything about what is piped as JSON: there, JSON's own escapes do it.
"""

from collections.abc import Iterable

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment

from sandbox.ending import printable


class Terminal(Console):
    """A console for text that nobody vouches for."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments, with only our own control sequences."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(printable(segment.text), segment.style)

    def on_broken_pipe(self) -> None:
        """Leaves it to the command what becomes of a reader that has gone."""
        raise BrokenPipeError
