"""Two runs of repairs, or two files of solutions, problem by problem."""
