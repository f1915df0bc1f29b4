"""The adversarial curriculum: who a tester practises against while it learns, and who plays the other side."""
