"""Prints half of a surrogate pair, which has no UTF-8 form: the print itself fails."""
# kind: stdin
# class: codec
# may: EXCEPTION WRONG

print("\ud800\udfff"[0])
