"""The LLM policy: any causal language model, trained by PPO and the GRPO family on the text environments.

Nothing heavy is imported here: torch and transformers are loaded by the modules that need them.
"""
