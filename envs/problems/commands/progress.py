"""The progress bar of all commands.

Promises: it is on the error stream and gone at the end, so that what a command prints can be piped.
"""

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from envs.terminal import Terminal


def progress_bar(doing: str) -> Progress:
    """A bar that says what is being done, how much of it is done, and what was last."""
    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    return Progress(TextColumn(doing), *columns, console=Terminal(stderr=True), transient=True)
