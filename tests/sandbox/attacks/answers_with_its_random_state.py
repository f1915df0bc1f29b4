"""Answers with random numbers drawn right after the fork: two equal answers show that
runs share their randomness."""
# kind: call
# class: poison
# may: WRONG
import os
import random
import tempfile
import uuid


def solve(n):
    drawn = [random.random(), next(tempfile._get_candidate_names()), str(uuid.uuid4()), os.urandom(8).hex()]
    random.seed(0)
    return drawn
