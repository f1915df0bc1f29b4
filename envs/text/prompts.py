"""The prompts of a doctest: what each did to values counts for those below it.

Promises: the time is linear in the text, since no prompt is parsed more than a few times, however many stand below it.
Prompts that are no Python together may have changed anything, so that no value of before is known below them.
Does not promise to know what a prompt did that is a test itself.
"""

from __future__ import annotations

import ast

from envs.text.asserts import Found, Statements, read_lines
from envs.text.effects import times_bound
from envs.text.found import ReadError, TestCase
from envs.text.literals import parsed
from envs.text.signature import Callee


class Prompts:
    """Takes the prompts of a text one after another."""

    def __init__(self, callee: Callee, needed: bool) -> None:
        self.callee, self.needed = callee, needed
        self.above = Statements(callee, needed)
        """What is known of the prompts above the last test."""
        self.waiting: list[str] = []
        """Prompts since then, to be parsed together: one may go on in the next."""

    def add(self, code: str) -> None:
        """Takes a prompt that is no test."""
        self.waiting.append(code)

    def tests(self, *spellings: str) -> Found:
        """The tests of the next prompt in the first spelling that holds any, after those that waiting prompts hold."""
        before, above = "\n".join(self.waiting), self.above
        self.waiting.clear()
        found: Found = []
        try:
            found, before = self._told(parsed(before).body), ""
        except ReadError:
            self.above = Statements(self.callee, self.needed)
        read: Found = []
        for spelling in spellings:
            read = self._read(above, f"{before}\n{spelling}" if before else spelling)
            if any(isinstance(each, TestCase) for each in read):
                break
        return found + read

    def _told(self, body: list[ast.stmt]) -> Found:
        """Lets statements change what is known; what they say besides."""
        found: Found = []
        self.above.bound.update(times_bound(body))
        for statement in body:
            self.above.run([statement])
            found += self.above.found
            self.above.found, self.above.bare = [], []
        return found

    def _read(self, above: Statements, code: str) -> Found:
        try:
            tree = parsed(code)
        except ReadError:
            return read_lines(code, self.callee, self.needed)
        return above.branch().read(tree.body)
