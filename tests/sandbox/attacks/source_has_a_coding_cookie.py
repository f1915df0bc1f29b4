# -*- coding: utf-7 -*-
"""Declares that its source is UTF-7, where the comment below is a line of code:
reviewers and the judge disagree."""
# kind: stdin
# class: compile-bomb
# may: WRONG SYNTAX

answer = 0  # +AAo-answer +AD0 'SPARRING: the cookie was obeyed'
print(answer)
