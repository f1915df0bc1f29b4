"""Writing tests that expose wrong programs: `TestGen-v0`, and against an adversary `TestGen-Adversarial-v0`."""
