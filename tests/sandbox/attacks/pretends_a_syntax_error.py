"""Raises SyntaxError and ImportError while running, to move a failure into a class that
is scored differently."""
# kind: call
# class: denominators
# may: EXCEPTION


def solve(n):
    try:
        raise ImportError("No module named 'numpy'", name="numpy")
    except ImportError:
        raise SyntaxError("invalid syntax", ("solution.py", 1, 1, "def", 1, 2)) from None
