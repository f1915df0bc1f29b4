"""Prints the words that mean success to one judge or another (AC, OK, Accepted, YES, True, PASS)."""
# kind: stdin
# class: forged-output
# may: WRONG

print("AC\nOK\nAccepted\nYES\nTrue\nPASS\nPASSED\nok 1 - solve\n1..1")
