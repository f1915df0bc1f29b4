def solve(numbers):
    """Forgets that 0 and negative numbers can be even too."""
    return sum(number for number in numbers if number % 2 == 0 and number > 0)
