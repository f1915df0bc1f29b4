"""Experiments whose results stand in docs/results/, each made by one command: `python -m agents.experiments
NAME`."""
