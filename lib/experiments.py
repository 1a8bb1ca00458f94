"""The catalogue: everything that the dashboard, the command line and the tests know about an experiment by itself.

A new experiment is one entry here, one notebook, one page, one picture and one bundle.
"""

from __future__ import annotations

from dataclasses import dataclass

REPOSITORY = "interactive-ml-experiments/interactive-ml-experiments"
"""Owner and name on GitHub, for the links to the notebooks; a fork puts its own here."""

FAMILIES = {
    "Multilayer perceptrons": "Every unit looks at every pixel. The oldest kind of network, and the place to start.",
    "Convolutional networks": "Small filters slide over the picture and find the same thing everywhere.",
}
"""Sections of the sidebar and of the gallery, in this order, each with a sentence."""


@dataclass(frozen=True)
class Experiment:
    """One entry of the catalogue.

    Attributes:
        slug: names the page, the notebook, the picture, the bundle and the address in the browser.
        title: what the page is called.
        family: one of `FAMILIES`.
        task: what goes in and what comes out; decides how the command line reads inputs.
        dataset: what it learnt from.
        sentence: what a person can do here, in one sentence.
        icon: a Material icon in Streamlit's notation.
        metric: the name of the test metric that the card shows, as it is called in ``bundle.json``.
    """

    slug: str
    title: str
    family: str
    task: str
    dataset: str
    sentence: str
    icon: str
    metric: str = "accuracy"

    @property
    def page(self) -> str:
        """Path of the page's script."""
        return f"pages/{self.slug}.py"

    @property
    def notebook(self) -> str:
        """Path of the notebook that trains it."""
        return f"notebooks/{self.slug}.ipynb"

    @property
    def picture(self) -> str:
        """Path of the picture on its card."""
        return f"assets/{self.slug}.svg"

    @property
    def notebook_url(self) -> str:
        return f"https://github.com/{REPOSITORY}/blob/main/{self.notebook}"

    @property
    def colab_url(self) -> str:
        return f"https://colab.research.google.com/github/{REPOSITORY}/blob/main/{self.notebook}"


EXPERIMENTS = (
    Experiment(
        slug="digits_mlp",
        title="Digits recognition (MLP)",
        family="Multilayer perceptrons",
        task="digit",
        dataset="MNIST",
        sentence="Draw a digit and travel back to the moments when the network was still learning to read it.",
        icon=":material/dialpad:",
    ),
    Experiment(
        slug="digits_cnn",
        title="Digits recognition (CNN)",
        family="Convolutional networks",
        task="digit",
        dataset="MNIST",
        sentence="Draw a digit and watch the strokes, corners and loops that the network finds in it.",
        icon=":material/filter_9_plus:",
    ),
)


class UnknownExperimentError(LookupError):
    """There is no experiment of that name. The message lists those that there are."""


def get(slug: str) -> Experiment:
    """The experiment of that name.

    Raises:
        UnknownExperimentError: there is none.
    """
    for experiment in EXPERIMENTS:
        if experiment.slug == slug:
            return experiment
    known = ", ".join(experiment.slug for experiment in EXPERIMENTS)
    raise UnknownExperimentError(f"There is no experiment called {slug!r}: choose one of {known}.")


def by_family() -> dict[str, list[Experiment]]:
    """All experiments under the families that have any, in the order of the sidebar."""
    return {
        family: members
        for family in FAMILIES
        if (members := [experiment for experiment in EXPERIMENTS if experiment.family == family])
    }


def neighbours(experiment: Experiment) -> tuple[Experiment | None, Experiment | None]:
    """The experiments before and after this one, in the order of the sidebar."""
    ordered = [member for members in by_family().values() for member in members]
    i = ordered.index(experiment)
    return (ordered[i - 1] if i else None), (ordered[i + 1] if i + 1 < len(ordered) else None)
