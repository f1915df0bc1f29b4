"""Prints 1e999999999 in its many spellings: exact arithmetic (Decimal, Fraction) would
expand it to a gigabyte."""
# kind: stdin
# class: huge-integer
# may: WRONG

print("1e999999999 -1E+999999999 1e-999999999 1_000e99999999 nan inf -0 0x1p99999 1/0 ١٢٣")
