"""The words of the field that the pages use, each explained once."""

from __future__ import annotations

import streamlit as st

WORDS = {
    "accuracy": "The share of right answers.",
    "batch": "The samples that the network looks at before it changes its weights once.",
    "bits, nats": "Two units of surprise. A fair coin gives 1 bit. One nat is 1.44 bits.",
    "calibration": "How well 'I am 80% sure' agrees with being right 80% of the time.",
    "convolution": "A small filter slides over the picture and looks for the same thing everywhere.",
    "dropout": "In training, some units are switched off at random, so that no unit relies on one other alone.",
    "epoch": "One pass over the training samples. Each page says how many these are.",
    "Frechet distance": "How far drawn pictures are from real ones, by the mean and the spread of their features. 0 is perfect.",
    "gradient": "How much a result changes if one number changes a little. Networks learn by it.",
    "guidance": "How strongly a network that draws follows what was asked for.",
    "learning rate": "How far the weights move in each step of the training.",
    "log scale": "An axis where each step multiplies: 0.01, 0.1, 1, 10.",
    "logits": "The network's raw scores, before they become probabilities.",
    "loss": "How wrong the network is, and how sure of it. Training makes it small. 0 is perfect.",
    "memorise": "To know the training samples, but not what they have in common. Also called overfitting.",
    "noise": "A picture in which each pixel is a random number.",
    "parameters": "The numbers inside a network that training changes. Also called weights.",
    "precision, recall": "Precision: the share of its boxes that are right. Recall: the share of things that it finds. For networks that draw: "
    "the share of drawn pictures that look real, and the share of real ones that it could draw.",
    "seed": "A number that decides all random numbers. The same seed gives the same ones.",
    "state": "The numbers with which a recurrent network remembers what it has read.",
    "temperature": "A number that makes a network more or less sure of itself, or more or less daring.",
    "test": "Samples that are used once, at the very end, to score the network.",
    "training": "Samples that the network learns from, and the learning itself.",
    "underfitting": "The network is too simple, or has learnt too little, for the task.",
    "unit": "One number that a layer computes from all its inputs. Also called a neuron.",
    "validation": "Samples that the network does not learn from. We use them to choose the best epoch and settings.",
    "velocity": "In which direction, and how fast, each pixel changes on its way from noise to a picture.",
}
"""In alphabetical order."""


def glossary() -> None:
    """A button that opens all words."""
    with st.popover("Words", icon=":material/dictionary:", type="tertiary"):
        st.markdown("\n".join(f"- **{word}**: {meaning}" for word, meaning in WORDS.items()))
