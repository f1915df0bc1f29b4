"""Runs strangers' programs and returns verdicts that no program can fake. See docs/sandbox.md."""

from sandbox.box import Sandbox
from sandbox.cases import Call, Case, CodeTests, Judgement, Limits, Outcome, Program, Report, Stdin, Verdict
from sandbox.compare import Checker, Comparison, Equal, Exact, Floats, Lines, Tokens, Unordered
from sandbox.errors import NoSandbox, SandboxError, SandboxFault
from sandbox.ladder import open_sandbox
from sandbox.shells.shell import Ceiling

__all__ = [
    "Call",
    "Case",
    "Ceiling",
    "Checker",
    "CodeTests",
    "Comparison",
    "Equal",
    "Exact",
    "Floats",
    "Judgement",
    "Limits",
    "Lines",
    "NoSandbox",
    "Outcome",
    "Program",
    "Report",
    "Sandbox",
    "SandboxError",
    "SandboxFault",
    "Stdin",
    "Tokens",
    "Unordered",
    "Verdict",
    "open_sandbox",
]
