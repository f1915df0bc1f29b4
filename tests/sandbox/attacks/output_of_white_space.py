"""Prints 900,000 blanks and then a word: quadratic for a regular expression that trims white space."""
# kind: stdin
# class: output-bomb
# may: WRONG OUTPUT

print(" " * 900_000 + "x")
