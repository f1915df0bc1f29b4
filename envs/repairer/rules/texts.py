"""Texts: steps of cleaning, separators, letters missing, formats, printing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from envs.problems.bugs.code import Code
from envs.problems.bugs.edits import Change, Splice
from envs.repairer.rules.containers import method_of, name_of
from envs.repairer.rules.conversions import TYPE
from envs.repairer.rules.registry import over, put, put_node, rule
from envs.repairer.view import View

TEXT_STEPS = ("strip", "lower", "upper", "rstrip", "lstrip", "casefold", "title", "capitalize", "splitlines")
TWINS = {
    "strip": ("lstrip", "rstrip", "split"),
    "lstrip": ("strip", "rstrip", "removeprefix"),
    "rstrip": ("strip", "lstrip", "removesuffix"),
    "lower": ("upper", "casefold", "swapcase"),
    "upper": ("lower", "title"),
    "swapcase": ("lower", "upper"),
    "find": ("rfind", "index"),
    "rfind": ("find",),
    "index": ("rindex", "find"),
    "rindex": ("index",),
    "startswith": ("endswith",),
    "endswith": ("startswith",),
    "isdigit": ("isalnum", "isnumeric", "isalpha"),
    "isalpha": ("isalnum", "isdigit"),
    "isalnum": ("isalpha", "isdigit"),
    "isupper": ("islower",),
    "islower": ("isupper",),
    "ljust": ("rjust", "center"),
    "rjust": ("ljust", "center", "zfill"),
    "zfill": ("rjust",),
    "split": ("rsplit", "splitlines"),
    "rsplit": ("split",),
    "partition": ("rpartition",),
    "rpartition": ("partition",),
    "title": ("capitalize",),
    "capitalize": ("title",),
    "count": ("find",),
    "match": ("fullmatch", "search"),
    "fullmatch": ("match", "search"),
    "search": ("match", "fullmatch"),
}
"""Method of a text -> those it is taken for."""

SEPARATORS = ("", " ", ",", ", ", "-", "\\n", ".", "_", ":", ";", "/")
LETTERS = "aeiouyxzbcdfghjklmnpqrstvw0123456789 .,;:!?-_'()[]{}+*/"


@rule("text-method", TYPE, 2.5, ast.Attribute)
def text_method(node: ast.Attribute, view: View) -> Iterator[Change]:
    """A text method is taken for its twin."""
    for other in TWINS.get(node.attr, ()):
        yield (Splice(view.code.end(node) - len(node.attr), view.code.end(node), other),)


@rule("text-step-added", TYPE, 2, ast.Name, ast.Subscript, ast.Call)
def text_step_added(node: ast.expr, view: View) -> Iterator[Change]:
    """A text must be stripped, or its case made equal."""
    parent, text = view.code.parent(node), view.code.of(node)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load) or isinstance(parent, ast.Expr):
        return
    named = isinstance(node, ast.Name) and "str" in view.kinds.get(node.id, ())
    if isinstance(node, ast.Name) and not named:
        return
    if isinstance(node, ast.Call) and name_of(node) != "input" and method_of(node) not in {"join", "strip", "get"}:
        return
    for step in TEXT_STEPS[:5]:
        yield put(view.code, node, f"{text}.{step}()")


@rule("text-step-dropped", TYPE, 2, ast.Call)
def text_step_dropped(node: ast.Call, view: View) -> Iterator[Change]:
    """A text should stay as it is."""
    if method_of(node) in TEXT_STEPS and isinstance(node.func, ast.Attribute):
        yield put_node(view.code, node, node.func.value)


@rule("split-kind", TYPE, 2.5, ast.Call)
def split_kind(node: ast.Call, view: View) -> Iterator[Change]:
    """A text is split at the wrong places, or replaced or cut too seldom or too often."""
    code = view.code
    end = code.end(node)
    if method_of(node) in {"split", "rsplit"} and not node.keywords:
        if not node.args:
            for text in ('" "', '","', '"\\n"'):
                yield from over((end - 1, end), f"{text})")
        elif len(node.args) == 1:
            yield (Splice(code.start(node.args[0]), code.end(node.args[0]), ""),)
            yield from over((end - 1, end), ", 1)")
        else:
            yield (Splice(code.end(node.args[0]), code.end(node.args[1]), ""),)
    elif method_of(node) == "replace" and len(node.args) >= 2:
        if len(node.args) == 3:
            yield (Splice(code.end(node.args[1]), code.end(node.args[2]), ""),)
        else:
            yield from over((code.end(node.args[1]),) * 2, ", 1")
    elif method_of(node) in {"strip", "lstrip", "rstrip"} and isinstance(node.func, ast.Attribute):
        if node.args:
            yield (Splice(code.start(node.args[0]), code.end(node.args[0]), ""),)
            size = code.of(node.args[0])
            yield put(code, node, f"{code.of(node.func.value)}[len({size}):]")
            yield put(code, node, f"{code.of(node.func.value)}[:-len({size})]")
            yield put(code, node, f"{code.of(node.func.value)}.removeprefix({size})")
        else:
            for text in ('" "', '"\\n"'):
                yield from over((end - 1, end), f"{text})")


def quoted(node: ast.Constant, code: Code, content: str) -> Change | None:
    """The literal with other content, in its own quotes; None for long, raw or escaped literals."""
    text = code.of(node)
    if text[0] not in "'\"" or text.startswith(text[0] * 3) or "\\" in text or text[1:-1] != node.value:
        return None
    if text[0] in content or content == node.value:
        return None
    return put(code, node, f"{text[0]}{content}{text[0]}")


def text_of(node: ast.Constant) -> str | None:
    """The text that a constant is, if it is one."""
    return node.value if isinstance(node.value, str) else None


@rule("separator", TYPE, 2, ast.Constant)
def separator(node: ast.Constant, view: View) -> Iterator[Change]:
    """A separator is the wrong one."""
    value = text_of(node)
    if value is not None and len(value) <= 2 and not value.isalnum():
        for content in SEPARATORS:
            if change := quoted(node, view.code, content):
                yield change


@rule("text-case", TYPE, 2.5, ast.Constant)
def text_case(node: ast.Constant, view: View) -> Iterator[Change]:
    """A text has the wrong case."""
    value = text_of(node)
    if value is not None and len(value) < 40:
        for content in dict.fromkeys((value.lower(), value.upper(), value.capitalize())):
            if change := quoted(node, view.code, content):
                yield change


@rule("letter-missing", TYPE, 1.5, ast.Constant)
def letter_missing(node: ast.Constant, view: View) -> Iterator[Change]:
    """A text, or a set of letters written as a text, lacks a letter or has one too many."""
    value = text_of(node)
    if value is None or len(value) > 60:
        return
    options = [*_completed(value)]
    options += [letter + value for letter in LETTERS] + [value + letter for letter in LETTERS]
    options += [value[:place] + value[place + 1 :] for place in range(len(value))]
    for content in dict.fromkeys(options):
        if change := quoted(node, view.code, content):
            yield change


def _letter(code: int) -> bool:
    """Whether a number is that of a character that may stand in a text."""
    return 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF


def _completed(text: str) -> Iterator[str]:
    """Well-known texts that begin or end like this one, and those that other parts of the alphabet suggest."""
    known = ("aeiou", "AEIOU", "0123456789", "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "NESW")
    yield from (each for each in known if text and text in each)
    if text:
        before, after = ord(text[0]) - 1, ord(text[-1]) + 1
        if _letter(after):
            yield text + chr(after)
        if _letter(before):
            yield chr(before) + text


@rule("text-borrowed", TYPE, 1, ast.Constant)
def text_borrowed(node: ast.Constant, view: View) -> Iterator[Change]:
    """A text of the program stands where another one belongs."""
    if text_of(node) is not None:
        texts = [each.value for each in view.nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        for content in dict.fromkeys((*texts, *view.words)):
            if change := quoted(node, view.code, content):
                yield change


@rule("format-kind", TYPE, 2, ast.JoinedStr)
def format_kind(node: ast.JoinedStr, view: View) -> Iterator[Change]:
    """A number in a text is written with the wrong width, or a part of the text is wrong."""
    code = view.code
    start, text = code.start(node), code.of(node)
    for found in re.finditer(r"\{([^{}:!]+)(:[^{}]*)?\}", text):
        for kind in ("", ":02", ":03", ":2", ":.1f", ":.2f", ":.3f", ":d"):
            if kind != (found[2] or ""):
                yield (Splice(start + found.start(), start + found.end(), f"{{{found[1]}{kind}}}"),)
        for change in (f"{found[1]} + 1", f"{found[1]} - 1"):
            yield (Splice(start + found.start(), start + found.end(), f"{{{change}{found[2] or ''}}}"),)
        for name in view.variables(node):
            if name != found[1]:
                yield (Splice(start + found.start(), start + found.end(), f"{{{name}{found[2] or ''}}}"),)
    for found in re.finditer(r"[ ,:;-]+", text[2:-1]):
        for other in ("", " ", ", ", ",", ": ", ":", "-"):
            if other != found[0]:
                yield (Splice(start + 2 + found.start(), start + 2 + found.end(), other),)


@rule("print-kind", TYPE, 1.5, ast.Call)
def print_kind(node: ast.Call, view: View) -> Iterator[Change]:
    """Values are printed with the wrong separator, or an empty list prints nothing useful."""
    code = view.code
    if name_of(node) != "print":
        return
    end = code.end(node)
    names = [keyword.arg for keyword in node.keywords]
    comma = ", " if node.args or node.keywords else ""
    for name, texts in {"sep": ('""', '" "', '","', '", "', '"\\n"'), "end": ('""', '" "')}.items():
        if name not in names:
            for text in texts:
                yield from over((end - 1, end), f"{comma}{name}={text})")
    parts: list[ast.expr] = [*node.args, *(keyword.value for keyword in node.keywords)]
    for keyword in node.keywords:
        place = parts.index(keyword.value)
        if place and not code.enclosed(parts[place - 1]):
            yield (Splice(code.end(parts[place - 1]), code.end(keyword.value), ""),)


@rule("joined", TYPE, 1.5, ast.Call)
def joined(node: ast.Call, view: View) -> Iterator[Change]:
    """Elements to be joined must be texts first, or in the opposite order."""
    if method_of(node) == "join" and len(node.args) == 1:
        argument = view.code.of(node.args[0])
        if isinstance(node.args[0], ast.GeneratorExp):
            argument = f"[{argument.strip('()')}]"
        for text in (f"map(str, {argument})", f"reversed({argument})", f"{argument}[::-1]", f"sorted({argument})"):
            yield put(view.code, node.args[0], text)
