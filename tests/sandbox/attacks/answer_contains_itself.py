"""Returns a list and a dictionary that contain themselves: endless recursion in a naive encoder."""
# kind: call
# class: forged-answer
# may: INVALID


def solve(n):
    answer = [0]
    answer.append(answer)
    answer.append({"self": answer})
    return answer
