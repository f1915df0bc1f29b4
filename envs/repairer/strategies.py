"""The ten repair strategies, and what the embedded repairer takes each of them to mean.

Promises: the order is that of the actions of `Repair-Strategy-v0` and never changes.
"""

from sandbox.guess import guess

MEANING = {
    "default": "the most likely single edits of all the others, of a program that parses",
    "step_by_step_reasoning": "operators, operands and constants, expression by expression",
    "error_specific_feedback": "what the exception, or the difference between answer and expectation, suggests",
    "syntax_check": "programs that do not parse; misspelt or undefined names; imports",
    "edge_case_check": "boundaries, off-by-one, empty or small inputs, special cases too many or too few",
    "algorithm_optimization": "caps and windows, sort keys and ties, searches, loops that end too early, memory",
    "data_structure_change": "copies and aliases, the wrong container, keys and defaults",
    "logic_decomposition": "conditions, branches and jumps",
    "variable_state_tracking": "variables mixed up, first values, updates; statements missing, moved or doubled",
    "type_and_conversion": "division and rounding, conversions, texts and their formats",
}
"""Strategy -> what it looks at."""

STRATEGIES = tuple(MEANING)


def check_strategy(name: str) -> str:
    """The name itself, if it is a strategy."""
    if name not in MEANING:
        raise ValueError(f"strategy: there is no {name!r}; {guess(name, STRATEGIES)}")
    return name
