"""What a signature tells about the function under test: the names of its parameters, and the types it declares.

Promises: arguments given by position, by name or in a table become one tuple in the order of the parameters; too
many, too few or unknown ones are refused with the names that there are. JSON's lists become the tuples and sets
that the signature declares, its whole numbers become floats. Without a signature everything is taken by position.
Does not promise to check types: what is declared only decides between readings that are otherwise equal.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from envs.problems.plain import Plain
from envs.text.found import ReadError, counted
from envs.text.literals import parsed, value_of

_COLLECTIONS = {"list": list, "tuple": tuple, "set": set, "frozenset": frozenset, "dict": dict, "sequence": list}
_SCALARS = {
    "int": (int,),
    "float": (float, int),
    "str": (str,),
    "bool": (bool,),
    "bytes": (bytes,),
    "none": (type(None),),
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter."""

    name: str
    annotation: ast.expr | None = None
    default: ast.expr | None = None


@dataclass(frozen=True, slots=True)
class Callee:
    """The function under test, as far as it is known."""

    entry: str
    """`solve` or `Solution.solve`; empty for a stdin problem."""
    parameters: tuple[Parameter, ...] | None = None
    """None when there is no signature."""
    more: bool = False
    """Whether it takes any number of further arguments."""
    returns: ast.expr | None = None

    @property
    def name(self) -> str:
        """What it is called in a test."""
        return self.entry.rpartition(".")[2]

    @property
    def names(self) -> list[str]:
        """The names of its parameters; empty when they are not known."""
        return [parameter.name for parameter in self.parameters or ()]

    @property
    def only(self) -> Parameter | None:
        """Its one parameter, when it has exactly one."""
        single = self.parameters is not None and len(self.parameters) == 1 and not self.more
        return self.parameters[0] if single and self.parameters else None

    @property
    def example(self) -> str:
        """A test as it should be written."""
        return f"assert {self.name or 'solve'}({', '.join(self.names) or '...'}) == answer"

    def bind(self, given: Sequence[Plain], named: Mapping[str, Plain]) -> tuple[Plain, ...]:
        """The arguments in order; ReadError when they are not the function's."""
        if self.parameters is None:
            if named:
                raise ReadError(f"the names of the parameters of {self.name} are not known; give values in order")
            return tuple(given)
        strangers = [name for name in named if name not in self.names]
        if strangers:
            raise ReadError(self._stranger(strangers[0]))
        if len(given) > len(self.parameters) and not self.more:
            raise ReadError(self._takes(len(given) + len(named)))
        args = list(given)
        rest = self.parameters[len(given) :]
        doubled = [name for name in named if name not in [parameter.name for parameter in rest]]
        if doubled:
            raise ReadError(f"the argument {doubled[0]} is given twice")
        for place, parameter in enumerate(rest):
            if parameter.name in named:
                args.append(named[parameter.name])
            elif parameter.default is None:
                raise ReadError(self._takes(len(given) + len(named)))
            elif any(later.name in named for later in rest[place:]):
                args.append(value_of(parameter.default))
            else:
                break
        return tuple(args)

    def _takes(self, given: int) -> str:
        wanted = len(self.parameters or ())
        names = f" ({', '.join(self.names)})" if self.names else ""
        return f"{self.name} takes {counted(wanted, 'argument')}{names}, but the test gives {given}"

    def _stranger(self, name: str) -> str:
        near = difflib.get_close_matches(name[:100], self.names, 1)
        guess = f"did you mean {near[0]}?" if near else f"it has {', '.join(self.names) or 'none'}"
        return f"{self.name} has no parameter {name[:60]!r}; {guess}"


@lru_cache(maxsize=512)
def callee_of(entry: str, signature: str = "") -> Callee:
    """The function that an entry and its signature say; a signature that is none is left out."""
    head = signature.strip().rstrip(":")
    try:
        [node] = parsed(f"{head}: pass").body
    except (ReadError, ValueError):
        return Callee(entry)
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return Callee(entry)
    args = node.args
    plain = [*args.posonlyargs, *args.args]
    defaults: list[ast.expr | None] = [*[None] * (len(plain) - len(args.defaults)), *args.defaults]
    parameters = [
        Parameter(arg.arg, arg.annotation, default) for arg, default in zip(plain, defaults, strict=True)
    ]  # fmt: skip
    if parameters and parameters[0].name in ("self", "cls"):
        parameters = parameters[1:]
    return Callee(entry or node.name, tuple(parameters), bool(args.vararg or args.kwarg), node.returns)


def declared(annotation: ast.expr | None) -> tuple[str, list[ast.expr]]:
    """`List[int]` -> ("list", [int]); what is not known -> ("", [])."""
    match annotation:
        case ast.Constant(value=str(text)):
            try:
                return declared(parsed(text, "eval").body)
            except ReadError:
                return "", []
        case ast.Constant(value=None):
            return "none", []
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.lower(), []
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=ast.Tuple(elts=inner)):
            return name.lower(), inner
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner):
            return name.lower(), [inner]
    return "", []


def _options(annotation: ast.expr | None) -> list[ast.expr]:
    """The types of which one is meant; empty when there is no choice."""
    match annotation:
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return [*(_options(left) or [left]), *(_options(right) or [right])]
    name, inner = declared(annotation)
    return [*inner, ast.Constant(None)] if name == "optional" else inner if name == "union" else []


def is_text(annotation: ast.expr | None) -> bool:
    """Whether a string is declared."""
    return declared(annotation)[0] == "str"


def fits(value: Plain, annotation: ast.expr | None) -> bool | None:
    """Whether a value is of the declared type, JSON's lists taken for any collection; None when that is not known."""
    options = _options(annotation)
    if options:
        known = {fits(value, option) for option in options}
        return True if True in known else None if None in known else False
    name, inner = declared(annotation)
    if name in _SCALARS:
        return type(value) in _SCALARS[name]
    if name not in _COLLECTIONS:
        return None
    if name == "dict":
        return isinstance(value, dict)
    if not isinstance(value, list | tuple | set | frozenset):
        return False
    return not inner or name == "tuple" or all(fits(item, inner[0]) is not False for item in list(value)[:20])


def cast(value: Plain, annotation: ast.expr | None) -> Plain:
    """The value in the declared types, where JSON could not say them."""
    name, inner = declared(annotation)
    if name in ("int", "float"):
        return equal_number(value, annotation)
    if options := [option for option in _options(annotation) if fits(value, option)]:
        return cast(value, options[0])
    if isinstance(value, dict) and name == "dict" and len(inner) == 2:
        return {_key(key, inner[0]): cast(item, inner[1]) for key, item in value.items()}
    if isinstance(value, list) and name in ("list", "sequence", "tuple", "set", "frozenset"):
        return _cast_items(value, name, inner)
    return value


def equal_number(value: Plain, annotation: ast.expr | None) -> Plain:
    """The value with its numbers as the declared ones that are equal: 3 and 3.0 are one to `==`, but not to a judge."""
    if options := [option for option in _options(annotation) if fits(value, option)]:
        return equal_number(value, options[0])
    name, inner = declared(annotation)
    if name == "float" and type(value) is int and abs(value) < 2**53:
        return float(value)
    if name == "int" and type(value) is float and value.is_integer():
        return int(value)
    if isinstance(value, list | tuple) and inner and name in ("list", "sequence", "tuple"):
        kinds = _item_kinds(value, name, inner)
        return type(value)(map(equal_number, value, kinds)) if kinds else value
    return value


def _item_kinds(items: Sequence[Plain], name: str, inner: list[ast.expr]) -> list[ast.expr]:
    """The declared type of each item."""
    if name == "tuple" and not (len(inner) == 2 and _is_dots(inner[1])):
        return inner if len(inner) == len(items) else []
    return [inner[0]] * len(items)


def _cast_items(value: list[Any], name: str, inner: list[ast.expr]) -> Plain:
    kinds = _item_kinds(value, name, inner) if inner else []
    items = [cast(item, kind) for item, kind in zip(value, kinds, strict=True)] if kinds else value
    try:
        return _COLLECTIONS[name](items)
    except TypeError:  # a set of lists
        return value


def _is_dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _key(key: Plain, annotation: ast.expr) -> Plain:
    """JSON's keys are strings."""
    if declared(annotation)[0] == "int" and isinstance(key, str) and key.lstrip("-").isdecimal() and len(key) < 20:
        return int(key)
    return key
