"""Returns plain data that looks like the tester's own mark for 'an object that stays with the program'."""
# kind: code
# class: forged-answer
# may: WRONG INVALID EXCEPTION


def solve(n):
    return {"\0sandbox.handle": "solve"}
