"""The browser plays by the same rules as Python does, and reads hands in the same way."""

from __future__ import annotations

import numpy as np
from PIL import Image

from lib import bundles, catalogue
from lib.metrics import softmax
from lib.tasks.hands.pictures import EXAMPLES
from lib.tasks.hands.reader import HandReader, views
from lib.tasks.hands.rules import HANDS, MOVES, Predictor, outcome, read_hand
from tests import node


def test_the_browser_reads_the_same_hands(tmp_path):
    rng = np.random.default_rng(0)
    groups = [softmax(rng.normal(0, 2, 4) + rng.normal(0, spread, (6, 4))) for spread in np.repeat((0.2, 1, 2.5), 60)]
    script = """
    const { HANDS, readHand } = await import(`${browser}/rules.js`);
    return given.groups.map((looks) => {
      const { move, probability, why } = readHand(looks);
      return [move === undefined ? -1 : HANDS.indexOf(move), probability, given.whys.indexOf(why)];
    });
    """
    readings = [read_hand(list(group)) for group in groups]
    whys = sorted({one.why for one in readings})
    there = node.run(tmp_path, script, groups=[group.tolist() for group in groups], whys=whys).reshape(-1, 3)
    here = [
        (HANDS.index(one.move) if one.move else -1, one.probability, whys.index(one.why)) for one in readings
    ]  # fmt: skip
    assert len(whys) > 4
    assert np.allclose(there, here, atol=1e-6)


def test_the_browsers_mind_reader_expects_the_same(tmp_path):
    rng = np.random.default_rng(1)
    games = [[MOVES[i] for i in rng.integers(0, 3, n)] for n in (0, 1, 2, 5, 30)]
    script = "const { expected } = await import(`${browser}/rules.js`); return given.games.map(expected);"
    there = node.run(tmp_path, script, games=games).reshape(-1, 3)
    assert np.allclose(there, [Predictor(moves).probabilities() for moves in games])
    script = """
    const { MOVES, outcome } = await import(`${browser}/rules.js`);
    return MOVES.map((yours) => MOVES.map((machines) => outcome(yours, machines)));
    """
    here = [[outcome(yours, machines) for machines in MOVES] for yours in MOVES]
    assert node.run(tmp_path, script).reshape(3, 3).tolist() == here


def test_the_networks_say_the_same_about_the_browsers_pictures(tmp_path):
    script = """
    const { handViews, toInput } = await import(`${browser}/square.js`);
    const picture = { width: given.size[0], height: given.size[1], data: new Uint8ClampedArray(given.pixels.buffer) };
    return handViews(picture, given.side).map((view) => [...toInput(view)]);
    """
    for slug in catalogue.slugs("hands"):
        reader = HandReader(bundles.load(slug))
        for example in EXAMPLES:
            # As large as a camera's picture, and not a square.
            picture = example.open().resize((640, 480), Image.Resampling.BICUBIC)
            pixels = np.asarray(picture.convert("RGBA"))
            there = node.run(tmp_path, script, pixels=pixels, size=picture.size, side=reader.side)
            squares = there.reshape(6, reader.side, reader.side, 3).astype(np.uint8)
            a, b = reader.probabilities(squares), reader.probabilities(views(picture, reader.side))
            assert np.abs(a - b).max() < 0.02
            assert read_hand(list(a)).move == read_hand(list(b)).move
