"""A program out of what an agent wrote: a fenced block, or the text as a whole.

What counts is what follows the thinking, in it the last `<answer>` block, in it the *last* fence that parses and
defines the entry: drafts and quotations come before the final version. Where a fence names Python as its language,
one without a language counts only where none of those defines the entry: it may show an output, and `3` is a script,
too. A fence that was never closed counts when its program is whole all the same (a stop sequence ate the fence); else
the answer was cut off, and nothing before the cut is taken in its place. Without fences the longest program between two
lines of dashes counts, or the text from its first line of code.

Promises: never raises on any string, in bounded time and memory; the program is parsed and never run; where there is
none, a `Misread` says why. Does not promise that the program compiles or is safe: that is for the sandbox.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator

from envs.text.blocks import Block, Part, later_fences, part_of
from envs.text.diffs import is_diff, patched
from envs.text.found import Misread, ReadError, quote
from envs.text.literals import parsed

_MOST_BLOCKS = 20
_MOST_LONGER = 6
"""How many further fences a program may reach beyond, whose strings hold fences."""
_MOST_CUTS = 6
"""How many lines of prose after a program without fences are cut off, from the last up."""
_PYTHON = frozenset({"python", "py", "python3", "python2", "py3", "{python}", "{.python}"})
_DIFF = frozenset({"diff", "patch", "udiff"})
_CODE_LINE = re.compile(
    r"^(?:def |async def |class |import |from \w[\w.]* import |@\w|[A-Za-z_]\w* *=[^=]|#!|if __name__)", re.M
)
_DASHES = re.compile(r"^-{5,}[ \t]*$", re.M)
"""What some models write in the place of fences."""
_NESTED = "the answer is nested too deeply; write a simpler program"


def read_program(text: str, entry: str = "") -> str | Misread:
    """The program of an answer; with an entry, one that defines it."""
    try:
        return _program(part_of(text), entry)
    except ReadError as problem:
        return Misread(str(problem))
    except (RecursionError, MemoryError):  # the parser says so itself; this is for a caller deep in the stack
        return Misread(_NESTED)


def read_diff(text: str, current: str, entry: str = "") -> str | Misread:
    """The current program as changed by the unified diff of an answer."""
    try:
        part = part_of(text)
        diffs = [block.text for block in part.blocks if block.language in _DIFF or is_diff(block.text)]
        return _whole(patched(current, diffs[-1] if diffs else part.unfenced), entry, "the program after the diff")
    except ReadError as problem:
        return Misread(str(problem))
    except (RecursionError, MemoryError):
        return Misread(_NESTED)


def read_change(text: str, current: str, entry: str = "") -> str | Misread:
    """The new program of an answer that is either a whole program or a unified diff of the current one."""
    try:
        part = part_of(text)
    except ReadError as problem:
        return Misread(str(problem))
    blocks = [block for block in part.blocks if block.text.strip()] or [Block(part.text)]
    known = _PYTHON | _DIFF
    if any(block.language in known for block in blocks):  # a nameless fence shows an output then, unless it is a change
        blocks = [each for each in blocks if each.language in known or (not each.language and is_diff(each.text))]
    else:
        blocks = _of(known, blocks)
    changes = [
        block.language in _DIFF or (block.language in {*_PYTHON, ""} and is_diff(block.text)) for block in blocks
    ]
    program = Misread("") if changes[-1] else read_program(text, entry)
    return read_diff(text, current, entry) if isinstance(program, Misread) and any(changes) else program


def _program(part: Part, entry: str) -> str:
    blocks = [block for block in part.blocks if block.text.strip()]
    if not blocks:
        if part.blocks:
            raise ReadError("the fenced block is empty" + (": it was cut off" if part.cut_off else ""))
        return _unfenced(part.text, entry)
    named = _of(_PYTHON, blocks)
    if entry and named[0].language:
        named = [*(block for block in blocks if not block.language), *named]
    inside = "```" in part.text and not part.text.lstrip().startswith("```")
    whole = inside and _if_whole(part.text, entry)  # then its fences stand in strings
    if whole:
        return whole
    first: ReadError | None = None
    for block in reversed(named[-_MOST_BLOCKS:]):
        try:
            return _whole(block.text, entry)
        except ReadError as problem:
            longer = _longer(part.text, block, entry) if "triple-quoted" in str(problem) else ""
            if longer:
                return longer
            first = first or problem
        if not block.closed:
            raise ReadError(f"the fence is not closed: it was cut off, and what there is cannot be used ({first})")
    raise first or ReadError("there is no program in the answer")


def _of(languages: frozenset[str], blocks: list[Block]) -> list[Block]:
    """The blocks in these languages; where there is none those without a language, and else all of them."""
    named = [block for block in blocks if block.language in languages]
    return named or [block for block in blocks if not block.language] or blocks


def _if_whole(source: str, entry: str) -> str:
    """The program, when it is one; else nothing."""
    try:
        return _whole(source, entry)
    except ReadError:
        return ""


def _if_code(source: str, entry: str) -> str:
    """The program, when it is one that does more than name or say something; else nothing."""
    found = _if_whole(source, entry)
    said = all(isinstance(node, ast.Expr) and not isinstance(node.value, ast.Call) for node in parsed(found).body)
    return "" if said else found


def _longer(text: str, block: Block, entry: str) -> str:
    """The program of a block that was ended by a fence in one of its own strings; empty when it is not so."""
    tries = (_if_whole(text[block.start : end], entry) for end in later_fences(text, block, _MOST_LONGER))
    return next((source for source in tries if source), "")


def _whole(source: str, entry: str, what: str = "the program") -> str:
    """The tidied program; ReadError when it is no Python or lacks the entry."""
    source = source.strip("\n").rstrip() + "\n"
    try:
        tree = parsed(source)
    except ReadError as problem:
        tree = _dedented(source)
        if tree is None:
            raise ReadError(f"{what} is not valid Python: {problem}", problem.line) from None
        source = textwrap.dedent(source)
    if not source.strip():
        raise ReadError(f"{what} is empty")
    if entry:
        _check_entry(tree, entry, what)
    return source


def _dedented(source: str) -> ast.Module | None:
    """The tree of a program that stands indented, as in a list."""
    if not source.startswith((" ", "\t")):
        return None
    try:
        tree: ast.Module = parsed(textwrap.dedent(source))
    except ReadError:
        return None
    return tree


def _check_entry(tree: ast.Module, entry: str, what: str) -> None:
    *classes, name = entry.split(".")
    body: list[ast.stmt] = tree.body
    for wanted in classes:
        found = [node for node in _statements(body) if isinstance(node, ast.ClassDef) and node.name == wanted]
        if not found:
            raise ReadError(_lacks(body, f"class {wanted}", what))
        if found[-1].bases:
            return  # the method may be inherited
        body = found[-1].body
    if name not in set(_defined(body)):
        raise ReadError(_lacks(body, name, what))


def _lacks(body: list[ast.stmt], name: str, what: str) -> str:
    names = list(dict.fromkeys(_defined(body)))
    return f"{what} defines {quote(', '.join(names), 100)}, but not `{name}`, which is what is called"


def _statements(body: Iterable[ast.stmt], depth: int = 0) -> Iterator[ast.stmt]:
    """The statements that run when the body does, those inside `if`, `try` and `with` too."""
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With) and depth < 20:
            inner = [*node.body, *getattr(node, "orelse", []), *getattr(node, "finalbody", [])]
            inner += [each for handler in getattr(node, "handlers", []) for each in handler.body]
            yield from _statements(inner, depth + 1)


def _defined(body: Iterable[ast.stmt]) -> Iterator[str]:
    """The names that a body gives a meaning."""
    for node in _statements(body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))


def _unfenced(text: str, entry: str) -> str:
    """The whole text, or from its first line of code to where prose begins."""
    try:
        return _whole(text, entry)
    except ReadError as problem:
        first = problem
    dashed = sorted(_DASHES.split(text)[1:-1], key=len, reverse=True)
    between = next((found for each in dashed[:_MOST_BLOCKS] if (found := _if_code(each, entry))), "")
    if between:
        return between
    begin = _CODE_LINE.search(text)
    if begin is None:
        example = f"def {entry.rpartition('.')[2]}(...):" if entry else "the whole script"
        raise ReadError(f"there is no program in {quote(text)}; write it in a ```python fence, with {example}")
    code = text[begin.start() :].strip("\n")
    for _ in range(_MOST_CUTS):
        try:
            return _whole(code, entry)
        except ReadError as problem:
            code = _without_prose(code, problem.line)
    raise first


def _without_prose(code: str, broken: int) -> str:
    """The code before the line at which the parser gave up, when that line is prose; else nothing."""
    lines = code.split("\n")
    prose = 1 < broken <= len(lines) and lines[broken - 1][:1].strip() and not _CODE_LINE.match(lines[broken - 1])
    return "\n".join(lines[: broken - 1]) if prose else ""
