"""Repair: a wrong program is to be put right, by text (`Repair-v0`) or by strategies (`Repair-Strategy-v0`)."""
