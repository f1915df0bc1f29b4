"""Hydra's configuration groups: data only. A package, so that it is installed with the code."""
