"""Everything that acts: model clients, the repair loop, bandits, the LLM policy and its trainers."""
