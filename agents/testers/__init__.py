"""Judging testers: how often their tests are right, and how often they expose wrong programs."""
