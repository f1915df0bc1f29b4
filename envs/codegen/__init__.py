"""Writing wrong programs that a tester misses: `CodeGen-Adversarial-v0`."""
