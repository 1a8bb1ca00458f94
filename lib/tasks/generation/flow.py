"""How pictures come out of noise: a network says where each pixel should go, and all pixels take small steps there.

Flow matching (Lipman et al., 2023, "Flow matching for generative modeling") with straight paths: at time 0 a picture is noise, at
time 1 it is drawn. Classes are asked for with classifier-free guidance (Ho and Salimans, 2021). ``static/browser/flow.js`` does the
same sums.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

SIDE = 28
"""Height and width of a picture, in pixels."""
STEPS = 20
"""Steps from noise to picture, unless one asks for others."""
MOST_STEPS = 50
GUIDANCE = 2.0
"""How strongly the class counts, unless one asks otherwise: 1 is as the network learnt it."""
MOST_GUIDANCE = 5.0

Velocity = Callable[[np.ndarray, np.ndarray, np.ndarray], np.ndarray]
"""From pictures (n, 28, 28), times (n, 1) and wishes (n, classes + 1) to velocities (n, 28, 28), all float32."""


def noise(seed: int, n: int) -> np.ndarray:
    """Normal noise, float32 (n, 28, 28), the same for a seed on the server and in a browser.

    By the method of Box and Muller (1958), from pairs of NumPy's random numbers.

    Args:
        seed: not negative.
        n: pictures; the first ones do not depend on it.
    """
    pairs = np.random.default_rng(seed).random((n, SIDE * SIDE // 2, 2))
    radius, angle = np.sqrt(-2 * np.log1p(-pairs[..., 0])), 2 * np.pi * pairs[..., 1]
    both = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    return both.reshape(n, SIDE, SIDE).astype(np.float32)


def wish(shares: dict[int, float], classes: int, n: int = 1) -> np.ndarray:
    """What is asked for, `n` times: float32 (n, classes + 1); the last place stands for "any class".

    Args:
        shares: of each class; two halves ask for something between two classes, and nothing asks for any class.
        classes: how many there are.
        n: pictures.
    """
    row = np.zeros(classes + 1, np.float32)
    for one, share in shares.items():
        row[one] = share
    if not shares:
        row[-1] = 1
    return np.tile(row, (n, 1))


def wishes_for(labels: Sequence[int] | np.ndarray, classes: int) -> np.ndarray:
    """One wish for each label: float32 (n, classes + 1); see `wish`."""
    return np.eye(classes + 1, dtype=np.float32)[labels]


def steps_from_noise(
    velocity: Velocity,
    start: np.ndarray,
    wishes: np.ndarray,
    *,
    steps: int = STEPS,
    guidance: float = GUIDANCE,
    known: tuple[np.ndarray, np.ndarray] | None = None,
) -> Iterator[np.ndarray]:
    """Pictures on their way, step by step (Euler's method).

    Args:
        velocity: of the network.
        start: noise, float32 (n, 28, 28).
        wishes: see `wish`, float32 (n, classes + 1).
        steps: of equal length.
        guidance: 1 follows the class as it was learnt; more exaggerates the difference that the class makes; 0 ignores it.
        known: pictures from -1 to 1, and where they are given (bool), both (28, 28) or (n, 28, 28): after each step, these pixels
            are put where they would be on their way, so that the network draws what fits to them.

    Yields:
        float32 (n, 28, 28) after each step; the last ones are about -1 (black) to 1 (white).
    """
    any_class = np.zeros_like(wishes)
    any_class[:, -1] = 1
    x: np.ndarray = start.astype(np.float32)
    length = 1 / steps
    for step in range(steps):
        time = np.full((len(x), 1), step * length, np.float32)
        if guidance == 1:
            change = velocity(x, time, wishes)
        else:
            both = velocity(*(np.concatenate(pair) for pair in ((x, x), (time, time), (wishes, any_class))))
            asked, free = both[: len(x)], both[len(x) :]
            change = free + np.float32(guidance) * (asked - free)
        x = x + np.float32(length) * change
        if known is not None:
            picture, given = known
            arrived = np.float32((step + 1) * length)
            x = np.where(given, (1 - arrived) * start + arrived * picture, x).astype(np.float32)
        yield x


def pixels(x: np.ndarray) -> np.ndarray:
    """Pictures from -1 to 1 as uint8, light on dark."""
    return ((x + 1) * 127.5).clip(0, 255).round().astype(np.uint8)


def scaled(images: np.ndarray) -> np.ndarray:
    """Pictures uint8 as float32 from -1 to 1."""
    return images.astype(np.float32) / 127.5 - 1


def blended_noise(first: np.ndarray, second: np.ndarray, share: float) -> np.ndarray:
    """Noise on the way from one to another, as loud as both: along the arc between them, not along the chord.

    On the arc, noises that have nothing in common stay as loud as they are. Those that are alike, such as brothers and sisters, would
    get louder than noise can be, and the network would draw nonsense. So the result is brought back to their loudness.

    Args:
        first: float32 (28, 28), or (n, 28, 28).
        second: of the same form.
        share: of the way, 0 to 1.
    """
    one, other = np.cos(share * np.pi / 2), np.sin(share * np.pi / 2)
    mixed = one * first + other * second
    wanted, found = one**2 * _power(first) + other**2 * _power(second), _power(mixed)
    return (mixed * np.sqrt(wanted / np.maximum(found, 1e-9))).astype(np.float32)


def _power(noise: np.ndarray) -> np.ndarray:
    return np.square(noise).mean(axis=(-2, -1), keepdims=True)
