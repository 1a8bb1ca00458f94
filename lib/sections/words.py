"""Figures in words."""


def percent(probability: float) -> str:
    """A probability in words that never claim to be nothing, or all."""
    if probability < 0.001:
        return "less than 0.1%"
    return "more than 99.9%" if 0.9995 <= probability < 1 else f"{probability:.1%}"


def ordinal(number: int) -> str:
    """``first`` to ``tenth``, then ``11th``, ``22nd``."""
    names = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
    if number <= len(names):
        return names[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
