"""Faces are found, cut out and read; pictures without any get a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from lib import bundles
from lib.tasks.emotions import drawn, faces, reader
from lib.tasks.emotions.drawn import EXPRESSIONS, Expression, draw_face
from lib.tasks.emotions.faces import Face, FaceFinder
from lib.tasks.emotions.pictures import with_boxes, with_map
from lib.tasks.emotions.reader import EmotionReader, advice, read_faces
from tests.emotions.people import BOX, astronaut, at_the_edge, black, forty


@pytest.fixture(scope="module")
def networks() -> tuple[FaceFinder, EmotionReader]:
    bundle = bundles.load("emotions")
    return FaceFinder(bundle), EmotionReader(bundle)


def test_a_face_is_found_and_smiles(networks):
    picture = astronaut()
    [one] = read_faces(*networks, picture)
    assert np.abs(np.array(one.face.box) - BOX).max() < 12
    assert networks[1].ranked(one.probabilities, 1)[0].label == "happy"
    assert one.image.shape == (48, 48)
    assert advice(picture, [one]) == ""
    assert np.asarray(with_boxes(picture, [one])).std(axis=(0, 1)).min() > 0


def test_forty_faces_are_found_and_all_of_them_read(networks):
    found = read_faces(*networks, forty())
    assert len(found) == 40
    assert all(one.probabilities.sum() == pytest.approx(1, abs=1e-4) for one in found)
    assert len(read_faces(*networks, forty(), most=5)) == 5


def test_bad_pictures_get_one_sentence(networks):
    edge = read_faces(*networks, at_the_edge())
    assert advice(at_the_edge(), edge) == reader.AT_THE_EDGE
    assert read_faces(*networks, black()) == []
    assert advice(black(), []) == reader.BLACK
    wall = Image.new("RGB", (300, 200), (180, 170, 160))
    assert advice(wall, read_faces(*networks, wall)) == reader.NO_FACE


def test_windows_hold_every_place_of_the_picture():
    for width, height in ((640, 480), (100, 300), (1280, 720), (8, 8)):
        seen = np.zeros((height, width), bool)
        for left, top, side in faces.windows(width, height):
            seen[max(0, top) : top + side, max(0, left) : left + side] = True
        assert seen.all()
    # A window that would have to be enlarged shows nothing new.
    assert len(faces.windows(200, 150)) == 1


def test_of_two_boxes_about_one_face_the_surer_one_counts():
    found = [
        (0.9, np.array([10.0, 10, 50, 50])),
        (0.95, np.array([12.0, 12, 52, 52])),
        (0.8, np.array([100.0, 0, 140, 40])),
    ]
    assert [one.score for one in faces.kept(found, 200, 200)] == [0.95, 0.8]
    # What lies outside of the picture is no face in it.
    assert faces.kept([(0.9, np.array([-60.0, 0, -20, 40]))], 200, 200) == []


def test_beyond_the_edge_the_edge_goes_on():
    picture = Image.new("RGB", (60, 60), (40, 40, 40))
    picture.paste((200, 200, 200), (0, 0, 20, 60))
    cut = faces.cut_out(picture, Face((-20, 0, 40, 60), 1.0))
    assert (cut[:, 0] == 200).all()
    assert (cut[:, -1] == 40).all()


@pytest.mark.parametrize("name", ["happy", "surprise", "angry"])
def test_drawn_faces_are_read_as_they_are_meant(networks, name):
    said = networks[1].probabilities(draw_face(EXPRESSIONS[name])[None])[0]
    assert networks[1].ranked(said, 1)[0].label == name


def test_mirror_image_is_read_the_same(networks):
    face = draw_face(Expression(smile=0.4, frown=0.3))
    face[:, :20] //= 2
    both = networks[1].probabilities(np.stack([face, face[:, ::-1]]))
    assert np.allclose(both[0], both[1], atol=1e-4)
    assert networks[1].evidence(face).shape == (6, 6, 7)
    assert networks[1].probabilities(np.zeros((0, 48, 48), np.uint8)).shape == (0, 7)


def test_values_from_a_browser_are_brought_into_their_ranges():
    assert drawn.expression({"smile": 7, "mouth": -3, "brows": 0.5}) == Expression(smile=1.0, mouth=0.0, brows=0.5)
    for odd in (None, "?", [], {"smile": "x", "eyes": None, "frown": float("nan")}):
        assert drawn.expression(odd) == Expression()


def test_map_is_blue_where_it_is_positive():
    values = np.array([[1.0, -1.0]])
    shown = with_map(np.full((48, 48), 128, np.uint8), values, 40).astype(int)
    assert shown[20, 2, 2] > shown[20, 2, 0]
    assert shown[20, -3, 2] < shown[20, -3, 0]
