"""Leaves with the status that test runners use for 'skipped' or 'no tests collected' (5, 77)."""
# kind: stdin
# class: exit
# may: WRONG EXCEPTION CRASH
import sys

print("collected 0 items")
sys.exit(77 if input() == "3" else 5)
