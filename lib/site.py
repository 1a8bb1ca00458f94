"""Pages without a server: gallery and demos as files, which any web server can hand out. No Streamlit, no TensorFlow."""

from __future__ import annotations

import html
import importlib
import json
import shutil
from pathlib import Path
from string import Template

from lib import bundles, catalogue
from lib.bundles import ROOT
from lib.catalogue import Experiment

BROWSER = ROOT / "static" / "browser"
# What only makes or describes the other files.
_NOT_SERVED = shutil.ignore_patterns("build.mjs", "*.d.ts", "models")

_PAGE = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<link rel="icon" href="icon.svg">
<link rel="stylesheet" href="browser/demo.css">
<link rel="stylesheet" href="browser/site.css">
</head>
<body>
$body
</body>
</html>
""")

_DEMO = Template("""<main>
<nav><a href="index.html">All experiments</a></nav>
<h1>$title</h1>
<p>$sentence</p>
$demos
<p class="iml-caption">$facts The network runs on your device. Nothing that you draw, type or show leaves it.</p>
</main>
<script id="data" type="application/json">$data</script>
<script type="module">
const places = document.querySelectorAll(".site-demo");
JSON.parse(document.querySelector("#data").textContent).forEach(({ module, data }, i) => {
  const place = places[i];
  const sorry = (why) => place.replaceChildren(Object.assign(document.createElement("p"), { className: "iml-message iml-warning", textContent: why }));
  const host = { parentElement: place, data, setStateValue() {}, setTriggerValue(name, value) { if (name === "failed") sorry(value); } };
  import(`./browser/$${module}.js`).then((loaded) => loaded.mount(host)).catch((error) => {
    console.error(error);
    sorry("The demo could not be loaded.");
  });
});
</script>""")

_PLACE = (
    '<div class="site-demo"><p>The demo needs JavaScript. Opened as a file it does not run: '
    "<code>python -m http.server</code> in this folder serves it.</p></div>"
)


def export(folder: Path) -> int:
    """Write the pages of all experiments that run in the browser.

    Args:
        folder: that is made.

    Returns:
        How many pages were written.

    Raises:
        FileExistsError: the folder is there.
        OSError: it cannot be written.
        BundleError: a bundle is missing or damaged.
    """
    folder.mkdir(parents=True)
    shutil.copytree(BROWSER, folder / "browser", ignore=_NOT_SERVED)
    shutil.copy(ROOT / "assets" / "icon.svg", folder)
    shutil.copytree(ROOT / "static" / "photos", folder / "photos")
    (folder / "pictures").mkdir()
    shown = [experiment for experiment in catalogue.EXPERIMENTS if _write(experiment, folder)]
    families = "".join(
        f"<h2>{html.escape(family)}</h2><p>{html.escape(sentence)}</p><div class='site-cards'>{cards}</div>"
        for family, sentence in catalogue.FAMILIES.items()
        if (cards := "".join(_card(one) for one in shown if one.family == family))
    )
    title = "Interactive machine learning experiments"
    body = f"<main><h1>{title}</h1><p>Play with neural networks. They run on your own device.</p>{families}</main>"
    (folder / "index.html").write_text(_PAGE.substitute(title=title, body=body), encoding="utf-8")
    return len(shown) + 1


def _card(experiment: Experiment) -> str:
    title, sentence = html.escape(experiment.title), html.escape(experiment.sentence)
    picture = f"pictures/{Path(experiment.picture).name}"
    return f'<a class="site-card" href="{experiment.slug}.html"><img src="{picture}" alt=""><strong>{title}</strong><span>{sentence}</span></a>'


def _write(experiment: Experiment, folder: Path) -> bool:
    bundle = bundles.load(experiment.slug)
    if "browser" not in bundle.facts:
        return False
    task = importlib.import_module(f"lib.tasks.{experiment.task}.demo")
    demos, places = [task.demo(bundle)], _PLACE
    if hasattr(task, "teaching_demo"):
        demos.append(task.teaching_demo(bundle))
        places += f"<h2>Teach it your own classes</h2>{_PLACE}"
    facts = bundle.facts["browser"]
    shutil.copytree(
        bundles.browser_dir() / experiment.slug / facts["version"],
        folder / "browser" / "models" / experiment.slug / facts["version"],
    )
    shutil.copy(ROOT / experiment.picture, folder / "pictures")
    model = {"slug": experiment.slug, **facts}
    shown = [
        {"module": demo.module, "data": {"model": model, "classes": bundle.classes, **demo.data}} for demo in demos
    ]
    body = _DEMO.substitute(
        title=html.escape(experiment.title),
        sentence=html.escape(experiment.sentence),
        demos=places,
        facts=html.escape(f"{experiment.score(bundle.variant('good')['test'])}."),
        # Within a script, nothing but its end has a meaning of its own.
        data=json.dumps(shown, ensure_ascii=False).replace("</", "<\\/"),
    )
    (folder / f"{experiment.slug}.html").write_text(
        _PAGE.substitute(title=html.escape(experiment.title), body=body), encoding="utf-8"
    )
    return True
