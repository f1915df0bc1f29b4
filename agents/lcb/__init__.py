"""A thin front for those who know LiveCodeBench's runner: its flags, its scenarios, its scores."""
