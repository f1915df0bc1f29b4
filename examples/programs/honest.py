def solve(numbers):
    """The sum of the even numbers."""
    return sum(number for number in numbers if number % 2 == 0)
