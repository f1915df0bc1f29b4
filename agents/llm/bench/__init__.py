"""How fast a step of GRPO is, ours and TRL's, under the same load: `python -m agents.llm.bench --json`."""
