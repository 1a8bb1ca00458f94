import json
import subprocess
import sys

import pytest

from lib.__main__ import main
from tests.conftest import ALL, ROOT


def test_list_names_every_experiment(capsys):
    assert main(["list"]) == 0
    text = capsys.readouterr().out
    assert all(slug in text for slug in ALL)
    assert main(["list", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["slug"] for row in rows] == list(ALL)


def test_one_bad_input_does_not_stop_the_others(capsys, seven):
    assert main(["predict", "digits_cnn", "missing.png", seven, "--json"]) == 1
    captured = capsys.readouterr()
    first, second = (json.loads(line) for line in captured.out.splitlines())
    assert "no file missing.png" in first["error"]
    assert second["top"][0]["label"] == "7"
    assert "missing.png" in captured.err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["predict", "digits", "x.png"], "choose one of digits_mlp, digits_cnn"),
        (["predict", "digits_mlp", "x.png", "--variant", "best"], "choose one of underfit, good, overfit"),
        (["evaluate", "digits_mlp", "--data", "missing.npz"], "no file missing.npz"),
    ],
)
def test_mistakes_get_one_sentence(capsys, arguments, part):
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert part in error
    assert "Traceback" not in error


def test_command_line_does_without_tensorflow_and_streamlit(seven):
    code = (
        "import sys; from lib.__main__ import main; "
        f"main(['predict', 'digits_mlp', {seven!r}]); main(['predict', 'numbers_sum', '1+1']); "
        "sys.exit(bool({'tensorflow', 'keras', 'streamlit', 'skimage'} & sys.modules.keys()))"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
