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
    "MobileNetV2": "A convolutional network small enough for a phone. It has learnt from a million photos and learns new things from few.",
    "Generative networks": "They make something new. They start with noise, and end with a picture that nobody has drawn.",
    "Recurrent networks": "They read one character after the other. Their state is a memory of what came before.",
}
"""Sections of the menu and of the gallery, in this order, each with a sentence."""


METRICS = {
    "accuracy": "{:.2%} test accuracy",
    "exact_match": "{:.2%} of unseen sums exact",
    "bits_per_character": "{:.2f} bits per character",
    "mean_average_precision": "{:.3f} mean average precision",
    "style_reached": "{:.0%} of the way to the style",
    "read_as_asked": "{:.1%} drawn as asked",
}
"""What people read about the test metrics, by their names in ``bundle.json``."""


@dataclass(frozen=True)
class Task:
    """How a page speaks about what goes in and what comes out.

    Attributes:
        noun: what is counted, in the plural.
        epoch: what an epoch is, with the size of the training set as ``train``.
        measured: what the training's metric counts.
        fit: what the three variants are.
        takes: what the model to take home takes and gives.
        leaves: the visitor's device, when the server does the work.
        enough: of the metric; a network that stays below it has not learnt the task.
        harder: why training samples may be harder than those for validation.
        underfit: what the variant is called that has learnt too little.
        short: what it lacks.
        trained: what the notebook did, in ``minutes``.
        tested: what the test samples are to the network.
        needs: what whoever trains or scores it has to bring, or nothing.
    """

    noun: str
    epoch: str
    measured: str
    fit: str
    takes: str
    leaves: str
    enough: float
    harder: str
    underfit: str = "Too simple"
    short: str = "is too small for the task"
    trained: str = "trained all three variants in {minutes}"
    tested: str = "that it had never seen, scored once"
    needs: str = ""


TASKS = {
    "digits": Task(
        noun="digits",
        epoch="one pass over all {train:,} training digits",
        measured="accuracy",
        fit="One is too small (*underfitting*). One learnt what digits have in common. One had so few digits that it memorised them "
        "(*overfitting*).",
        takes="28 x 28 pixels from 0 to 255, light ink on dark, and gives ten logits",
        leaves="the drawing",
        enough=0.9,
        harder="training is made harder on purpose, with distorted digits and units switched off at random",
    ),
    "sketches": Task(
        noun="drawings",
        epoch="84 drawings of each of the 345 categories, each time in a new form",
        measured="accuracy",
        fit="One is too small (*underfitting*). One learnt what drawings of a thing have in common. One saw few drawings, or always in the same "
        "form, and memorised them (*overfitting*).",
        takes="28 x 28 pixels from 0 to 255, light lines on dark, and gives a logit for each of the 345 categories",
        leaves="the drawing",
        enough=0.3,
        harder="training is made harder on purpose, with distorted drawings, softer answers, and units switched off at random",
    ),
    "photos": Task(
        noun="photos",
        epoch="one tenth of the training",
        measured="accuracy",
        fit="",
        takes="photos of 224 x 224 pixels from 0 to 255 and gives a logit for each of the 1,000 classes",
        leaves="the photo",
        enough=0.5,
        harder="",
        trained="converted it, scored it, and made all trainings from few photos in {minutes}",
        tested="that we did not train on, though the network's makers may have",
    ),
    "hands": Task(
        noun="photos",
        epoch="some thousands of pictures, drawn from {train:,} photos and from rendered hands, each time in a new form",
        measured="accuracy",
        fit="One is too small (*underfitting*). One learnt what hands have in common. One had so few photos that it memorised them "
        "(*overfitting*).",
        takes="an RGB picture with values from 0 to 255 and gives logits of rock, paper, scissors and nothing, and maps of where it sees them",
        leaves="the picture of your hand",
        enough=0.6,
        harder="training is made harder on purpose: hands are moved, turned, recoloured and partly hidden",
        trained="made all trainings of this page in {minutes}",
        tested="of people and rooms that it had never seen, scored once",
        needs="Both need the photos, which nobody offers as one download: docs/training.md says what to bring.",
    ),
    "emotions": Task(
        noun="faces",
        epoch="one pass over all {train:,} training faces, each time in a new form",
        measured="accuracy",
        fit="One is too small (*underfitting*). One learnt what faces have in common. One had so few faces that it memorised them "
        "(*overfitting*).",
        takes="48 x 48 grey pixels from 0 to 255 and gives a logit for each of the seven emotions, and maps of where it sees them",
        leaves="the picture of your face",
        enough=0.45,
        harder="training is made harder on purpose: faces are turned, moved, lit anew and partly hidden, and labels are smoothed",
        trained="made all trainings of this page in {minutes}",
        tested="that it had never seen, scored once",
        needs="Both need the faces of FER2013, which have no public download without an account: docs/training.md says what to bring.",
    ),
    "style_transfer": Task(
        noun="photos",
        epoch="50 steps of four photos, drawn from {train:,}",
        measured="style loss",
        fit="",
        takes="a picture of 256 x 256 pixels, says its style in 100 numbers, and paints photos of any size with these numbers",
        leaves="the picture",
        enough=0.3,
        harder="",
        trained="trained the networks for one painting in {minutes}, then converted and scored the one for any style,",
        tested="that no training here saw, in seven styles. For each: how much of the distance between the photo's style and the painting's is gone",
        needs="Both need photos and VGG16's weights: docs/training.md says what to bring.",
    ),
    "generation": Task(
        noun="pictures",
        epoch="one pass over all {train:,} training pictures, each time mixed with other noise",
        measured="mean absolute error",
        fit="",
        takes="pictures on their way from noise, the time from 0 to 1 and the class, and gives the velocity of each pixel",
        leaves="what you draw",
        enough=0.0,
        harder="",
        trained="trained the good, the too simple and the memorised network in {minutes}",
        tested="that the network drew, as many of each class as in the test set. Another network reads them",
    ),
    "sums": Task(
        noun="sums",
        epoch="200 batches of 256 sums, drawn from {train:,} training sums",
        measured="exact answers",
        fit="One has too small a state (*underfitting*). One found out how adding works. One had so few sums that it memorised them "
        "(*overfitting*).",
        takes="numbers of characters (bundle.json lists them) and gives logits of the next one after each",
        leaves="the sum",
        enough=0.9,
        harder="the training curve is the mean over a whole epoch, in which the network still improves",
    ),
    "texts": Task(
        noun="characters",
        epoch="one pass over the training text of {train:,} characters",
        measured="next characters predicted correctly",
        fit="One stopped too early (*underfitting*). One learnt what texts like these have in common. One had so short a text that it memorised "
        "it (*overfitting*).",
        takes="numbers of characters (bundle.json lists them) and gives logits of the next one after each",
        leaves="the prompt",
        enough=0.45,
        harder="in training, units are switched off at random (*dropout*)",
        underfit="Under-trained",
        short="had no time to learn the task",
    ),
    "detection": Task(
        noun="photos",
        epoch="one pass over {train:,} photos",
        measured="mean average precision",
        fit="",
        takes="300 x 300 pixels from 0 to 255, and gives the scores of 80 classes and a box for each of its 1,917 anchors",
        leaves="the photo",
        enough=0.2,
        harder="",
        trained="took the weights as they were published, converted and scored them",
        tested="of COCO's val2017; its makers may have trained on some of them",
    ),
}
"""By the name of the task, which is also that of its folder in ``lib/tasks``."""


@dataclass(frozen=True)
class Experiment:
    """One entry of the catalogue.

    Attributes:
        slug: names the page, the notebook, the picture, the bundle and the address in the browser.
        title: what the page is called.
        family: one of `FAMILIES`.
        task: what goes in and what comes out, one of `TASKS`; decides how the command line reads inputs.
        dataset: what it learnt from.
        sentence: what a person can do here, in one sentence.
        icon: a Material icon in Streamlit's notation.
        metric: the name of the test metric that the card shows, one of `METRICS`.
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
    def words(self) -> Task:
        """How the page speaks about the task."""
        return TASKS[self.task]

    def score(self, test: dict[str, float]) -> str:
        """The test metric in words.

        Args:
            test: metrics of a variant, from ``bundle.json``.
        """
        if "top_5_accuracy" in test:
            return f"{test[self.metric]:.2%} right, {test['top_5_accuracy']:.1%} in five"
        return METRICS[self.metric].format(test[self.metric])

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
        task="digits",
        dataset="MNIST",
        sentence="Draw a digit. Then go back in time and ask the network while it was still learning.",
        icon=":material/dialpad:",
    ),
    Experiment(
        slug="digits_cnn",
        title="Digits recognition (CNN)",
        family="Convolutional networks",
        task="digits",
        dataset="MNIST",
        sentence="Draw a digit and see which strokes, corners and loops the network finds in it.",
        icon=":material/filter_9_plus:",
    ),
    Experiment(
        slug="sketch_mlp",
        title="Sketch recognition (MLP)",
        family="Multilayer perceptrons",
        task="sketches",
        dataset="Quick, Draw!",
        sentence="Draw one of 345 things. The network guesses after every stroke. A better network was its teacher.",
        icon=":material/gesture:",
    ),
    Experiment(
        slug="sketch_cnn",
        title="Sketch recognition (CNN)",
        family="Convolutional networks",
        task="sketches",
        dataset="Quick, Draw!",
        sentence="Draw one of 345 things. The network guesses after every stroke. Or play against the clock.",
        icon=":material/draw:",
    ),
    Experiment(
        slug="image_classification",
        title="Image classification (MobileNetV2)",
        family="MobileNetV2",
        task="photos",
        dataset="ImageNet",
        sentence="Show it a photo. It knows a thousand things, shows where it looks, and learns your own things from a few photos.",
        icon=":material/image_search:",
    ),
    Experiment(
        slug="object_detection",
        title="Object detection (MobileNetV2)",
        family="MobileNetV2",
        task="detection",
        dataset="COCO",
        sentence="Give it a photo or live video. It finds 80 kinds of things and shows how it decides.",
        icon=":material/frame_inspect:",
        metric="mean_average_precision",
    ),
    Experiment(
        slug="rps_cnn",
        title="Rock, paper, scissors (CNN)",
        family="Convolutional networks",
        task="hands",
        dataset="Hands of 21 sources",
        sentence="Show your hand to the camera and play against a machine. A network trained from scratch reads your move.",
        icon=":material/back_hand:",
    ),
    Experiment(
        slug="rps_mobilenet",
        title="Rock, paper, scissors (MobileNetV2)",
        family="MobileNetV2",
        task="hands",
        dataset="Hands of 21 sources",
        sentence="Show your hand to the camera and play against a machine. A network that knew a million photos reads your move.",
        icon=":material/sign_language:",
    ),
    Experiment(
        slug="emotions",
        title="Emotions on faces (CNN)",
        family="Convolutional networks",
        task="emotions",
        dataset="FER2013",
        sentence="Move the brows and the mouth of a drawn face, or show your own. Which word would people choose for it?",
        icon=":material/mood:",
    ),
    Experiment(
        slug="style_transfer",
        title="Style transfer (CNN)",
        family="Convolutional networks",
        task="style_transfer",
        dataset="BSDS500 and seven paintings",
        sentence="Paint a photo in the style of van Gogh, of Hokusai, or of any picture you like. Blend two styles, or paint live video.",
        icon=":material/brush:",
        metric="style_reached",
    ),
    Experiment(
        slug="generate_digits",
        title="Drawing digits out of noise (flow matching)",
        family="Generative networks",
        task="generation",
        dataset="MNIST",
        sentence="Choose a digit, and watch sixteen of them come out of noise. Nobody ever wrote these.",
        icon=":material/auto_fix_high:",
        metric="read_as_asked",
    ),
    Experiment(
        slug="generate_clothes",
        title="Drawing clothes out of noise (flow matching)",
        family="Generative networks",
        task="generation",
        dataset="Fashion-MNIST",
        sentence="Choose a shirt, a bag or a boot, and watch sixteen of them come out of noise. No shop sells them.",
        icon=":material/checkroom:",
        metric="read_as_asked",
    ),
    Experiment(
        slug="numbers_sum",
        title="Summing numbers (RNN)",
        family="Recurrent networks",
        task="sums",
        dataset="Sums up to 999+999",
        sentence="Type a sum. The network reads it as a text and writes the answer. Nobody told it what a number is.",
        icon=":material/add_circle:",
        metric="exact_match",
    ),
    Experiment(
        slug="text_shakespeare",
        title="Writing like Shakespeare (RNN)",
        family="Recurrent networks",
        task="texts",
        dataset="Tiny Shakespeare",
        sentence="Begin a line. The network writes on like the plays, one character at a time.",
        icon=":material/history_edu:",
        metric="bits_per_character",
    ),
    Experiment(
        slug="text_wikipedia",
        title="Writing like Wikipedia (RNN)",
        family="Recurrent networks",
        task="texts",
        dataset="Wikipedia",
        sentence="Begin an article. The network writes on. It sounds like an encyclopaedia, but nothing in it is true.",
        icon=":material/travel_explore:",
        metric="bits_per_character",
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


def slugs(task: str) -> tuple[str, ...]:
    """Slugs of all experiments of a task, in the order of the catalogue."""
    return tuple(experiment.slug for experiment in EXPERIMENTS if experiment.task == task)


def by_family() -> dict[str, list[Experiment]]:
    """All experiments under the families that have any, in the order of the menu."""
    return {
        family: members
        for family in FAMILIES
        if (members := [experiment for experiment in EXPERIMENTS if experiment.family == family])
    }


def neighbours(experiment: Experiment) -> tuple[Experiment | None, Experiment | None]:
    """The experiments before and after this one, in the order of the menu."""
    ordered = [member for members in by_family().values() for member in members]
    i = ordered.index(experiment)
    return (ordered[i - 1] if i else None), (ordered[i + 1] if i + 1 < len(ordered) else None)
