"""Prints 900,000 digits: a judge that compares numbers would convert them, in quadratic time."""
# kind: stdin
# class: huge-integer
# may: WRONG

print("9" * 900_000)
