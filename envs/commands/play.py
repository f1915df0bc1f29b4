"""`play`: act in any environment by hand, in the terminal or through a pipe.

Promises: the moves are the environment's own, so what is seen here is what an agent gets. Text is ended by a line
with a single dot; where input ends before it, what was typed is the move. Does not promise colours where the output is
no terminal.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import gymnasium
from gymnasium import spaces
from gymnasium.envs.registration import EnvSpec

from envs.commands.choose import accepts, add_keywords, class_of, find_spec, given_keywords, made
from envs.commands.trajectory import plain
from sandbox.guess import guess

HELP = "play an environment by hand"
EXAMPLE = "TestGen-v0 --problem steady_stretch"
INTRODUCTION = """\
Write your move and end it with a line that holds only a dot.
  :file PATH   move with the text of a file       :show   show the state again
  :new         begin another episode              :quit   leave
"""
COMMANDS = (":file", ":show", ":new", ":quit")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def configure(parser: argparse.ArgumentParser) -> None:
    """Declares the arguments."""
    parser.add_argument("id", metavar="ID", help="an environment's id, such as Repair-v0 or package:Id-v0")
    parser.add_argument("--seed", type=int, default=0, help="which episodes are played (default: 0)")
    parser.add_argument("--problem", metavar="NAME", help="play this problem (default: drawn)")
    parser.add_argument("--bug", metavar="NAME", help="play this bug (default: drawn)")
    add_keywords(parser)


def run(args: argparse.Namespace) -> int:
    """Plays until there are no more lines."""
    keywords = given_keywords(args)
    spec = find_spec(args.id)
    if args.problem and "problems" not in keywords:
        keywords["problems"] = args.problem
    if "render_mode" in keywords:
        raise ValueError("--set render_mode: play shows the state itself, as text; leave it out")
    if _draws_text(spec):
        keywords["render_mode"] = "ansi"
    env = made(spec, **keywords)
    options = {name: value for name in ("problem", "bug") if (value := getattr(args, name))}
    try:
        Game(env, options).play(args.seed)
    finally:
        env.close()
    return 0


def _draws_text(spec: EnvSpec) -> bool:
    """Whether the environment can show its state as text."""
    maker = class_of(spec)
    if not hasattr(maker, "metadata"):  # a function
        return accepts(spec, "render_mode")
    return "ansi" in maker.metadata.get("render_modes", ())


class Game:
    """A person at an environment."""

    def __init__(self, env: gymnasium.Env[Any, Any], options: Mapping[str, Any]) -> None:
        self.env, self.options = env, dict(options)
        self.names: Sequence[str] = getattr(env.unwrapped, "ACTIONS", ())
        self.lines = self._lines()
        self.seen: Any = None
        """The last observation."""

    def play(self, seed: int) -> None:
        """Episodes, one after the other."""
        say(INTRODUCTION)
        self.begin(seed)
        while (move := self.next_move()) is not None:
            self.seen, reward, terminated, truncated, info = self.env.step(move)
            self.show()
            report(float(reward), info)
            if terminated or truncated:
                say(f"The episode is over: {info.get('ended', 'the environment says so')}. Here is another one.\n")
                self.begin(None)

    def begin(self, seed: int | None) -> None:
        """A new episode."""
        self.seen, _ = self.env.reset(seed=seed, options=self.options or None)
        self.show()

    def show(self) -> None:
        """The state: the environment's picture, or the observation where it draws none in text."""
        if self.env.render_mode == "ansi":
            ours = getattr(self.env.unwrapped, "on_screen", None)
            say(ours() if ours else str(self.env.render()))
        else:
            say(f"{json.dumps(plain(self.seen))}\n")

    def next_move(self) -> Any:
        """The next move; None when the person leaves."""
        space = self.env.action_space
        while True:
            text = self._read_text() if isinstance(space, spaces.Text) else self._read_line()
            if text is None or text.strip() == ":quit":
                return None
            try:
                if not text.startswith(":") or text.startswith(":file "):
                    return self._move(text)
                self._obey(text.strip())
            except (ValueError, OSError) as error:
                say(f"{error}\n")

    def _obey(self, command: str) -> None:
        if command == ":show":
            self.show()
        elif command == ":new":
            self.begin(None)
        else:
            raise ValueError(f"{command!r} is no command; {guess(command, COMMANDS)}")

    def _move(self, text: str) -> Any:
        space = self.env.action_space
        if text.startswith(":file "):
            text = Path(text[6:].strip()).read_text("utf-8")
        if isinstance(space, spaces.Discrete):
            return self._number(text.strip(), int(space.start), int(space.n))
        if not isinstance(space, spaces.Text):
            return self._value(text)
        return getattr(space, "fit", str)(text)

    def _value(self, text: str) -> Any:
        """A move of any other space, as JSON."""
        space = self.env.action_space
        try:
            [move] = space.from_jsonable([json.loads(text)])
            fits = space.contains(move)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError):
            fits = False
        if not fits:
            raise ValueError(f"{text!r:.80} is not a move in JSON of {space}")
        return move

    def _number(self, text: str, start: int, count: int) -> int:
        """A move of a Discrete space, by number or by name."""
        if text in self.names:
            return self.names.index(text) + start
        if text.isdecimal() and start <= int(text) < start + count:
            return int(text)
        known = self.names or [str(number) for number in range(start, start + count)]
        raise ValueError(f"{text!r} is not a move; {guess(text, known)}")

    def _read_text(self) -> str | None:
        """Lines up to a dot; a command is one line."""
        found: list[str] = []
        prompt("your move")
        for line in self.lines:
            if line == ".":
                return "\n".join(found)
            if not found and line.startswith(":"):
                return line
            found.append(line)
        return "\n".join(found) if any(found) else None

    def _read_line(self) -> str | None:
        for number, name in enumerate(self.names):
            say(f"  {number} {name}\n")
        prompt("your move")
        return next(self.lines, None)

    def _lines(self) -> Iterator[str]:
        while True:
            try:
                yield input().removesuffix("\r")
            except EOFError:
                return


def report(reward: float, info: Mapping[str, Any]) -> None:
    """What a move earned."""
    parts = info.get("reward_parts") or {}
    shown = ", ".join(f"{name} {value:g}" for name, value in parts.items())
    say(f"reward {reward:g}" + (f"  ({shown})" if shown else "") + "\n")
    others = {name: value for name, value in info.items() if name not in ("reward_parts", "program")}
    for name, value in others.items():
        say(f"  {name}: {value if isinstance(value, str) else json.dumps(plain(value))}\n")


def prompt(text: str) -> None:
    """Asks a person; says nothing to a pipe."""
    if sys.stdin.isatty():
        say(f"{text}> \n")


def say(text: str) -> None:
    """Prints, without colours where nobody would see them."""
    sys.stdout.write(text if sys.stdout.isatty() else _COLOURS.sub("", text))
    sys.stdout.flush()
