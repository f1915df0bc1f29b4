"""The commands of `python -m envs.problems`: modules with `HELP`, `configure(parser)` and `run(args)`."""
