"""Figures in words."""


def percent(probability: float) -> str:
    """A probability in words that never claim to be nothing, or all."""
    if probability < 0.001:
        return "less than 0.1%"
    return "more than 99.9%" if 0.9995 <= probability < 1 else f"{probability:.1%}"
