"""Which families are for training, for validation, and for testing: the one place that decides it.

Promises: a problem of the embedded suite is in the split of its family, so results on `test` are results on
families never trained on. Families of other data sets belong to `train` unless their records name a split.
"""

SPLITS = ("train", "validation", "test")

FAMILIES = {
    "lists": "train",
    "strings": "train",
    "arithmetic": "train",
    "search_sort": "train",
    "dynamic_programming": "train",
    "graphs": "train",
    "parsing": "train",
    "simulation": "train",
    "number_theory": "validation",
    "greedy": "validation",
    "matrices": "validation",
    "intervals": "test",
    "trees": "test",
    "bits": "test",
    "combinatorics": "test",
}
"""Family of the embedded suite -> split."""


def split_of(family: str) -> str:
    """The split of a family."""
    return FAMILIES.get(family, "train")
