"""The bundle of the sums says what the project promises."""

from __future__ import annotations

from lib import bundles


def test_sums_are_what_the_project_promises():
    facts = bundles.load("numbers_sum").facts
    good = facts["variants"]["good"]["test"]
    assert good["n"] > 100_000
    assert good["exact_match"] >= 0.995
    assert good["small_n"] == 10_000
    assert good["small_exact_match"] >= 0.995
    # Longer numbers than any in training are the lesson of the page.
    assert good["longer_exact_match"] < 0.1


def test_sum_variants_teach_what_they_claim():
    bundle = bundles.load("numbers_sum")
    tests = {name: bundle.variant(name)["test"]["exact_match"] for name in bundle.variants}
    assert max(tests["underfit"], tests["overfit"]) < 0.2
    memorised = bundle.history.query("variant == 'overfit'").iloc[-1]
    assert memorised["exact_match"] == 1
    assert memorised["val_exact_match"] < 0.2
    simple = bundle.history.query("variant == 'underfit'").iloc[-1]
    assert simple["exact_match"] < 0.2


def test_sum_parts_agree_with_each_other():
    bundle = bundles.load("numbers_sum")
    evaluation, good = bundle.evaluation, bundle.variant("good")["test"]
    wrong = round(good["n"] * (1 - good["exact_match"]))
    for what in ("heat", "carries"):
        assert evaluation[f"{what}_count"].sum() == good["n"]
        assert good["n"] - evaluation[f"{what}_right_good"].sum() == wrong
    assert len(evaluation["mistakes_a"]) == min(60, wrong)
    assert all(
        str(a + b) != text
        for a, b, text in zip(
            evaluation["mistakes_a"], evaluation["mistakes_b"], evaluation["mistakes_written"], strict=True
        )
    )
    assert evaluation["map_same"] < evaluation["map_other"]
