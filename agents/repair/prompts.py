"""What a model that repairs or writes programs is told.

Promises: the model sees the statement, the program, the shown tests and what happened in them; never a
selection or hidden case. That it is asked again about a program that passes all shown tests tells it that a selection
case fails, and this is said. Each of the ten strategies has instructions of its own. Pure.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence

from agents.models import Message, Prompt, RepairTask
from agents.repair.tree import Node, Tree
from envs import text
from envs.problems import Problem
from envs.repairer.patient import Patient

ADVICE = {
    "default": "Find the most likely mistake and correct it with the smallest change that makes the program right.",
    "step_by_step_reasoning": "Follow the program by hand on the first failing test, statement by statement. Write the "
    "values down, find the first one that is not what it should be, and correct what made it.",
    "error_specific_feedback": "Begin with the feedback: the kind of failure and the difference between what was "
    "expected and what came. Say what kind of mistake gives exactly this, then look for it.",
    "syntax_check": "Look at the form first: does the program parse, is every name defined and spelt alike, is "
    "everything imported, is the indentation what was meant, does every path return or print?",
    "edge_case_check": "Think of inputs at the edges: empty, one element, all equal, zero, negative, the largest "
    "allowed, first and last positions. See what the program does with each, and put bounds and special cases right.",
    "algorithm_optimization": "Ask whether the method is right and fast enough for the largest inputs. If it is not, "
    "replace it by one that is, with a complexity that fits the limits of the problem.",
    "data_structure_change": "Ask whether each container fits its use: order, duplicates, look-up, copies or aliases, "
    "default values, keys. Change the one that does not.",
    "logic_decomposition": "Take the conditions and branches apart: write down for which inputs each branch is meant "
    "and for which it is taken, and put the conditions right where the two differ.",
    "variable_state_tracking": "Follow each variable: its first value, every place where it changes, its value at the "
    "end. Look for ones that are mixed up, not reset, updated too early, too late, or twice.",
    "type_and_conversion": "Check the types: whole or real division, rounding, numbers read as text, text compared as "
    "numbers, lists where tuples are wanted, the exact form of what is returned or printed.",
}
"""Strategy -> how to go about it."""
EARLIER = 4
"""So many earlier attempts are told of."""
PICKED = "All tests above pass, but the program is still wrong on inputs that are not shown here."
_WRITE = """\
You write Python programs. Answer with the whole program in one fenced block:
```python
{whole}
```
You may think aloud before it; the last fenced block counts. {kind}"""


def repair_prompt(
    problem: Problem,
    tree: Tree,
    node: Node,
    strategy: str,
    left: int,
    patient: Patient,
    told: str = "",
    plain: bool = False,
) -> Prompt:
    """Asks for a repair of a node's program; `plain`: without what was tried before, so that draws are independent."""
    more: dict[str, str | int] = {
        "feedback": _feedback(problem, tree, node),
        "history": "" if plain else _history(tree, told),
    }
    if not plain:
        more |= {"attempt": tree.attempts, "budget": left}
    return patient_prompt(patient, strategy, more, problem)


def patient_prompt(
    patient: Patient, strategy: str, more: Mapping[str, str | int], problem: Problem | None = None
) -> Prompt:
    """Asks for a repair where all that is known is the patient; `more` are further fields of an observation."""
    observation: dict[str, str | int] = {
        "task": "repair",
        "problem": patient.statement.strip(),
        "signature": signature_of(patient, patient.program),
        "code": patient.program,
        "tests": text.describe_cases(patient.tests, patient.kind, patient.entry),
        **more,
    }
    messages = [Message(role=each["role"], content=each["content"]) for each in text.messages(observation)]
    messages[-1]["content"] += f"\n\n# How to go about it\n{ADVICE[strategy]}"
    return Prompt(messages, RepairTask(patient, strategy, problem))


def _feedback(problem: Problem, tree: Tree, node: Node) -> str:
    if all(node.marks.shown):
        return "" if all(node.marks.selection) else PICKED
    return text.feedback(tree.shown, node.report.judgements, problem.kind, problem.entry)


def _history(tree: Tree, told: str) -> str:
    lines = []
    for node in [each for each in tree.nodes if each.parent is not None][-EARLIER:]:
        passed, origin = sum(node.marks.shown), node.parent.number if node.parent else 0
        lines.append(
            f"attempt {node.number} ({node.strategy}, from attempt {origin}): {passed} of {len(node.marks.shown)} tests"
        )
    return "\n".join([*lines, *([f"the last answer was not used: {told}"] if told else [])])


def write_prompt(problem: Problem) -> Prompt:
    """Asks for a program, where none was given."""
    signature = signature_of(problem, "")
    function = problem.kind == "function"
    whole = f"{signature.rstrip(':')}:\n    ..." if signature else "..."
    kind = (
        f"`{problem.entry}` is what is called; do not print."
        if function
        else "The program is a script that reads standard input and prints its answer."
    )
    parts = [f"# Problem\n{problem.statement.strip()}"]
    if signature:
        parts.append(f"# Signature\n```python\n{signature}\n```")
    if problem.visible:
        parts.append(f"# Tests\n{text.describe_cases(problem.visible, problem.kind, problem.entry)}")
    system = _WRITE.replace("{whole}", whole).replace("{kind}", kind)
    return Prompt([Message(role="system", content=system), Message(role="user", content="\n\n".join(parts))])


def signature_of(problem: Problem | Patient, program: str) -> str:
    """The problem's signature, or the head of its function as the program has it; empty for scripts."""
    if problem.kind != "function" or problem.signature:
        return problem.signature
    name = problem.entry.rpartition(".")[2]
    try:
        found: Sequence[ast.AST] = list(ast.walk(ast.parse(program)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found = ()
    for node in found:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return f"def {name}({ast.unparse(node.args)})"
    return f"def {name}(*args)"
