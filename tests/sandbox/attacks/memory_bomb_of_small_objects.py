"""Fills a list with small objects, the way a wrong loop does: no single request is large."""
# kind: stdin
# class: memory-bomb
# may: MEMORY CRASH TIMEOUT
# danger: takes 2 GB where memory is not limited

numbers = []
while len(numbers) < 20_000_000:
    numbers.append([len(numbers)])
print(len(numbers))
