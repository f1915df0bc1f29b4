"""The repair loop: many programs, any model, tests, strategies, and a score by hidden cases. See docs/repair.md."""
