"""Returns plain bytes and text that are a live pickle, a YAML tag and a template: code
for any judge that evaluates."""
# kind: call
# class: forged-answer
# may: WRONG

CODE = "__import__('os').system('echo SPARRING_$()LEAK the judge evaluated an answer')"


def solve(n):
    pickled = b"cos\nsystem\n(S'echo SPARRING_$()LEAK the judge unpickled an answer'\ntR."
    return [pickled, CODE, f"!!python/object/apply:eval ['{CODE}']", "{{" + CODE + "}}", f"$(({CODE}))"]
