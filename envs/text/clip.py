"""Long text is cut where it can be seen: the beginning and the end stay, and a mark says how much is missing.

Promises: the result is never longer than asked, is the same in every run, and is the text itself when that is
short enough; the number in the mark is exact. Does not promise to cut between lines or words.
"""

_HEAD = 2 / 3
"""The share of what is kept that comes from the beginning: errors are said at the end, but contexts before it."""


def clip(text: str, most: int) -> str:
    """The text in at most so many characters."""
    if len(text) <= most:
        return text
    mark = ""
    for _ in range(3):  # the mark's own length changes how much is left out, at most by a digit or a comma
        left_out = len(text) - max(0, most - len(mark))
        mark = f"\n... {left_out:,} characters left out ...\n"
    kept = most - len(mark)
    if kept < 2:
        return _tiny(text, most)
    head = max(1, round(kept * _HEAD))
    left_out = len(text) - kept
    mark = f"\n... {left_out:,} characters left out ...\n".ljust(len(mark))[: len(mark)]
    return text[:head] + mark + text[len(text) - (kept - head) :]


def _tiny(text: str, most: int) -> str:
    """Where the mark has no place: three dots have to do."""
    return text[: max(0, most - 3)] + "..."[: max(0, most)]


def clip_line(text: str, most: int) -> str:
    """The text on one line in at most so many characters, its end cut."""
    line = " ".join(text.split())
    return line if len(line) <= most else _tiny(line, most)
