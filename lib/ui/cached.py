"""What all sessions share: each bundle, and what is made of it, is read once and kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

import streamlit as st

from lib import bundles
from lib.memory import spare

Given = ParamSpec("Given")
Made = TypeVar("Made")


def written(slug: str) -> str:
    """Where the bundle lies and when it was written, so that a new training shows without a restart."""
    path = bundles.models_dir() / slug / "bundle.json"
    try:
        return f"{path} {path.stat().st_mtime_ns}"
    except OSError:
        return f"{path} is missing"


def bundle(slug: str) -> bundles.Bundle:
    """See `lib.bundles.load`."""
    return _bundle(slug, written(slug))


def load(
    make: Callable[Concatenate[bundles.Bundle, Given], Made], slug: str, *given: Given.args, **named: Given.kwargs
) -> Made:
    """What `make` makes of a bundle: made for the first session that asks, and anew when the bundle has been written anew.

    Args:
        make: a function or class of a module, which is given the bundle first.
        slug: of the bundle.
        given: what `make` is given besides; few different values, since all are kept.
        named: the same, by name.
    """
    return _made(f"{make.__module__}.{make.__qualname__}", slug, written(slug), given, named, make)  # type: ignore[return-value]


def show(
    part: Callable[Concatenate[bundles.Bundle, Given], None], slug: str, *given: Given.args, **named: Given.kwargs
) -> None:
    """Show a part of a page that depends on the bundle alone: made for the first session that comes, and sent as it is to others.

    Args:
        part: a function of a module, which is given the bundle first; it shows no widget, and no fragment.
        slug: of the bundle.
        given: what `part` is given besides; few different values, since what each looks like is kept.
        named: the same, by name.
    """
    _shown(f"{part.__module__}.{part.__qualname__}", slug, written(slug), given, named, part)


@st.cache_data(show_spinner=False, max_entries=256)
def _shown(name: str, slug: str, written: str, given: tuple, named: dict, _part: Callable) -> None:
    # Streamlit keeps the elements that a function of this kind shows, and sends them again.
    _part(bundle(slug), *given, **named)
    spare()


@st.cache_resource(show_spinner=False, max_entries=32)
def _bundle(slug: str, written: str) -> bundles.Bundle:
    return bundles.load(slug)


@st.cache_resource(show_spinner=False, max_entries=128)
def _made(name: str, slug: str, written: str, given: tuple, named: dict, _make: Callable) -> object:
    # Streamlit leaves arguments with an underscore out of the key, of which the function's name is the part that counts.
    made = _make(bundle(slug), *given, **named)
    spare()
    return made
