"""A guess of how the texts that a script reads are laid out.

Promises: two layouts are tried: the same lines of the same things each time, and a first number that says
how many like lines follow. Does not promise to see any other; then the problem has no grammar.
"""

from collections.abc import Sequence

from envs.problems.grammar import GrammarError

MOST_LINES = 12
"""The most lines of a layout, beside those that repeat."""

Line = list[str]
"""The words of a line."""


def text_grammar(texts: Sequence[str]) -> tuple[dict[str, str], str]:
    """The expressions and the layout for some texts; a GrammarError when they are not alike."""
    split = [[line.split() for line in text.rstrip("\n").split("\n")] for text in texts]
    if len({len(lines) for lines in split}) == 1 and len(split[0]) <= MOST_LINES:
        return _same_lines(split, {})
    return _counted_lines(split)


def _same_lines(split: Sequence[Sequence[Line]], counts: dict[str, list[int]]) -> tuple[dict[str, str], str]:
    fields: dict[str, str] = {}
    layout = []
    known = dict(counts)
    for place, lines in enumerate(zip(*split, strict=True)):
        layout.append(_line(f"x{place}", lines, fields, known))
    return fields, "\n".join(layout)


def _line(name: str, lines: Sequence[Line], fields: dict[str, str], known: dict[str, list[int]]) -> str:
    """The marks of one line; its fields are added to `fields`, whole numbers to `known`."""
    from envs.problems.loaders.infer import kind_of

    widths = [len(words) for words in lines]
    if len(set(widths)) == 1 and 0 < widths[0] <= 6:
        for place in range(widths[0]):
            values = [_value(words[place]) for words in lines]
            fields[f"{name}_{place}"] = kind_of(values)
            if all(type(value) is int for value in values):
                known[f"{name}_{place}"] = values  # type: ignore[assignment]
        return " ".join(f"{{{name}_{place}}}" for place in range(widths[0]))
    if not any(widths):
        return ""
    size = next((other for other, numbers in known.items() if numbers == widths), None)
    size = size or f"({min(widths)}, {max(widths)})"
    fields[name] = f"list({kind_of([_value(word) for words in lines for word in words])}, {size})"
    return f"{{{name}}}"


def _value(word: str) -> int | str:
    return int(word) if len(word) < 30 and word.lstrip("-").isascii() and _is_whole(word) else word


def _is_whole(word: str) -> bool:
    return word.lstrip("-").isdigit() and str(int(word)) == word


def _counted_lines(split: Sequence[Sequence[Line]]) -> tuple[dict[str, str], str]:
    """First a number, perhaps beside others, then so many lines that are alike."""
    from envs.problems.loaders.infer import kind_of

    fields: dict[str, str] = {}
    known: dict[str, list[int]] = {}
    layout = _line("x0", [lines[0] for lines in split], fields, known)
    counts = [len(lines) - 1 for lines in split]
    size = next((name for name, numbers in known.items() if numbers == counts), None)
    rows = [line for lines in split for line in lines[1:]]
    if size is None or not rows:
        raise GrammarError("no number says how many lines there are")
    widths = {len(line) for line in rows}
    if len(widths) != 1 or 0 in widths:
        raise GrammarError("the lines are not alike")
    kinds = [kind_of([_value(line[place]) for line in rows]) for place in range(widths.pop())]
    if len(kinds) == 1:
        fields["rows"] = f"list({kinds[0]}, {size})"
    else:
        marks = " ".join(f"{{c{place}}}" for place in range(len(kinds)))
        inside = ", ".join(f"c{place}={kind}" for place, kind in enumerate(kinds))
        fields["rows"] = f"list(block({marks!r}, {inside}), {size})"
    return fields, layout + "\n{rows*}"
