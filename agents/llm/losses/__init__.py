"""The formulas of the trainers, one short function each, with the paper it is from.

All of them work on matrices of a row per sequence and a column per token *of the policy's own*: tokens of the
environment are no columns, and `mask` says where a row has ended. So nothing that stands between two turns can
enter a mean, an advantage or a value.
"""
