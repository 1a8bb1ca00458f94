"""Start here: ``streamlit run Home.py``. The router of all pages, and the gallery."""

import threading
import time

import streamlit as st

from lib import catalogue
from lib.bundles import ROOT
from lib.catalogue import FAMILIES, Experiment
from lib.memory import load_for_good, return_large_blocks
from lib.ui import cached, session
from lib.ui.header import guarded

CARDS_IN_A_ROW = 3


@st.cache_resource(show_spinner=False)
def warm_up() -> None:
    """Import what takes longest while the person still looks at the first page."""
    names = ("lib.ui.page", "skimage.morphology")
    threading.Thread(target=load_for_good, args=(names,), daemon=True).start()


def card(experiment: Experiment) -> None:
    """Picture, title, family, one sentence and test metric of an experiment."""
    with st.container(border=True, height="stretch"):
        st.image(str(ROOT / experiment.picture), width="stretch", alt=f"Picture of {experiment.title}")
        st.page_link(pages[experiment.slug], label=f"**{experiment.title.split(' (')[0]}**", icon=experiment.icon)
        st.markdown(experiment.sentence)
        with guarded():
            test = cached.bundle(experiment.slug).variant("good")["test"]
            with st.container(horizontal=True, gap="small"):
                st.badge(experiment.score(test), icon=":material/check:", color="green")
                st.badge(experiment.family.removesuffix("s"), color="blue")
                st.badge(experiment.dataset, color="gray")


def gallery() -> None:
    """The first page: what this is, and a card for each experiment."""
    st.title("Interactive machine learning experiments")
    st.markdown("Play with neural networks, and see how they learnt.")
    students, teachers = st.columns(2, gap="medium")
    with students.container(border=True, height="stretch"):
        st.markdown(
            "**:material/school: For students.** Pick an experiment and try to fool the network. Then scroll on. Every page shows how its "
            "network learnt and where it fails. You see what too little and too much learning do, and what happens inside."
        )
    with teachers.container(border=True, height="stretch"):
        st.markdown(
            "**:material/cast_for_education: For teachers.** All pages have the same parts in the same order: try it, how it learnt, where it "
            "fails, too simple to memorised, inside, and make it yourself. Behind each page is the notebook that trained its network, most "
            "of them on an ordinary computer in minutes or a few hours."
        )
    for family, members in catalogue.by_family().items():
        st.header(family, divider="gray")
        st.caption(FAMILIES[family])
        for start in range(0, len(members), CARDS_IN_A_ROW):
            row = members[start : start + CARDS_IN_A_ROW]
            # A last row that is not full keeps the width of its cards.
            for column, experiment in zip(st.columns(min(len(members), CARDS_IN_A_ROW)), row, strict=False):
                with column:
                    card(experiment)
    st.caption(
        "All but two of the models were trained by the notebooks here, on real data. Your drawings and pictures stay in your session's memory "
        "and are never stored."
    )


return_large_blocks()
st.set_page_config(
    page_title="Interactive ML experiments",
    page_icon=str(ROOT / "assets/icon.svg"),
    layout="wide",
)
if not session.routed():
    # A browser shows narrow pages until it knows better. What came in the same moment would be seen jumping to its place.
    time.sleep(0.15)
home = st.Page(gallery, title="Home", icon=":material/home:", default=True)
pages = {
    experiment.slug: st.Page(experiment.page, title=experiment.title, icon=experiment.icon, url_path=experiment.slug)
    for experiment in catalogue.EXPERIMENTS
}
sections = {"": [home]} | {
    family: [pages[experiment.slug] for experiment in members] for family, members in catalogue.by_family().items()
}
page = st.navigation(sections, position="top")
session.arrive(page.url_path)
page.run()
warm_up()
