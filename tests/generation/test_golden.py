"""The browser draws as Python does, whatever the network says."""

from __future__ import annotations

import numpy as np
import pytest

from lib.tasks.generation import flow
from tests import node

CLASSES = 10


def velocity(x: np.ndarray, time: np.ndarray, wishes: np.ndarray) -> np.ndarray:
    """In place of a network: all of its inputs matter, each in another way."""
    asked = wishes @ np.arange(CLASSES + 1, dtype=np.float32)
    return (0.1 * asked[:, None, None] - x * time[..., None]).astype(np.float32)


STEPS = """
const { pixels, stepsFromNoise } = await import(`${browser}/flow.js`);
const velocity = async (images, time, wishes) => images.map((value, i) => {
  const n = Math.floor(i / 784), width = wishes.length / time.length;
  let asked = 0;
  for (let k = 0; k < width; k++) asked += k * wishes[n * width + k];
  return 0.1 * asked - value * time[n];
});
const known = given.picture && { picture: given.picture, given: given.mask };
const rows = [];
for await (const x of stepsFromNoise(velocity, given.start, given.wishes, { steps: given.steps, guidance: given.guidance, known })) rows.push(x);
return [...rows, pixels(rows[rows.length - 1])];
"""


@pytest.mark.parametrize(("guidance", "half"), [(1, False), (2.5, False), (1.5, True)])
def test_steps_are_the_same_in_both_places(tmp_path, guidance, half):
    n, steps = 2, 3
    start = flow.noise(5, n)
    wishes = np.concatenate([flow.wish({3: 0.5, 8: 0.5}, CLASSES), flow.wish({}, CLASSES)])
    inputs: dict[str, object] = {"start": start, "wishes": wishes, "steps": steps, "guidance": guidance}
    known = None
    if half:
        picture = np.random.default_rng(0).uniform(-1, 1, (28, 28)).astype(np.float32)
        mask = np.arange(28)[:, None].repeat(28, axis=1) < 14
        known = picture, mask
        inputs |= {"picture": picture, "mask": mask.astype(np.uint8)}
    expected = list(flow.steps_from_noise(velocity, start, wishes, steps=steps, guidance=guidance, known=known))
    found = node.run(tmp_path, STEPS, **inputs).reshape(steps + 1, n, 28, 28)
    np.testing.assert_allclose(found[:-1], expected, atol=1e-5)
    # What is a half more or less may be rounded either way.
    assert np.abs(found[-1] - flow.pixels(expected[-1])).max() <= 1
    if known:
        assert (found[-2, :, :14] == known[0][:14]).all()


def test_noise_and_wishes_are_the_same_in_both_places(tmp_path):
    seeds = [0, 7, 2**31 - 1]
    script = """
    const { blendedNoise, noise, wish } = await import(`${browser}/flow.js`);
    const all = given.seeds.map((seed) => noise(seed, 2));
    const wishes = [new Map([[3, 0.25], [8, 0.75]]), new Map()].map((shares) => wish(shares, 10));
    return [...all, ...[0, 0.3, 1].map((share) => blendedNoise(all[0].subarray(0, 784), all[1].subarray(0, 784), share)), ...wishes];
    """
    found = node.run(tmp_path, script, seeds=seeds)
    all_noise = [flow.noise(seed, 2) for seed in seeds]
    blended = [flow.blended_noise(all_noise[0][0], all_noise[1][0], share) for share in (0, 0.3, 1)]
    wishes = [flow.wish({3: 0.25, 8: 0.75}, CLASSES), flow.wish({}, CLASSES)]
    expected = np.concatenate([one.ravel() for one in (*all_noise, *blended, *wishes)])
    np.testing.assert_allclose(found, expected, atol=1e-6)
    # The same number. Of a few, the last digit differs.
    assert (found == expected).mean() > 0.95
