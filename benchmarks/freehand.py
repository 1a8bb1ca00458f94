"""How well are drawings understood that are not centred and scaled? ``python -m benchmarks.freehand``

The first 2,000 test digits are cropped to their ink, scaled so that the longer side is uniform in 30-90 % of a
canvas of 280x280, pasted anywhere on it, and read through the page's own preprocessing; then redrawn with
pens of 2-40 px and slants of up to 20 degrees. The sizes, places, pens and slants are drawn from a fixed seed.

With ``--write`` the figures replace those in ``models/<slug>/bundle.json``, which the pages show: for when
the preprocessing has changed and the model has not.
"""

import argparse
import json

from lib import bundles, catalogue, freehand
from lib.classifier import Classifier
from lib.mnist import load_mnist

N = 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the figures into the bundles")
    options = parser.parse_args()
    images, labels = load_mnist().test.head(N).arrays
    for experiment in catalogue.EXPERIMENTS:
        if experiment.task != "digits":
            continue
        bundle = bundles.load(experiment.slug)
        classifier = Classifier(bundle)
        clean = float((classifier.logits(images).argmax(axis=1) == labels).mean())
        drawn = freehand.measure(lambda x, c=classifier: c.logits(x).argmax(axis=1), images, labels)
        print(f"{experiment.slug}, the first {N:,} test digits")
        print(f"  as they are                                      {clean:7.2%}")
        print(f"  anywhere on a canvas, through the preprocessing  {drawn['pasted']:7.2%}")
        print(f"  anywhere on a canvas, simply shrunk              {drawn['pasted_naive']:7.2%}")
        print(f"  redrawn with pens of 2-40 px, slanted            {drawn['pens']:7.2%}")
        for row in drawn["by_pen"]:
            print(
                f"    {row['from']:2}-{row['to']:2} px, {row['n']:4} drawings                       {row['accuracy']:7.2%}"
            )
        if options.write:
            path = bundle.folder / "bundle.json"
            path.write_text(json.dumps(bundle.facts | {"freehand": drawn}, indent=1) + "\n")


if __name__ == "__main__":
    main()
