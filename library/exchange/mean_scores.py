"""The scoring an imported definition gets when its file scores answers but says nothing of how: weighted means."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

# (label, from, to, tone)
TONES = (("b1", 0, 40), ("b2", 40, 60), ("b3", 60, 80), ("b4", 80, 100))


def zones() -> list[dict[str, Any]]:
    """This will return four zones over a scale of 0 to 100."""
    labels = (_("At risk"), _("Developing"), _("Managed"), _("Strong"))
    return [
        {"label": label, "from": low, "to": high, "tone": tone}
        for label, (tone, low, high) in zip(labels, TONES, strict=True)
    ]


def scoring(
    sections: Sequence[tuple[str, str, list[dict[str, Any]]]],
    *,
    scores: Sequence[dict[str, Any]] = (),
    overall: str,
    treatment: dict[str, str] | None = None,
    inputs_as: str = "percent",
) -> dict[str, Any]:
    """This will make a scoring in percent: each section the weighted mean of its inputs, all of it that of its sections.

    `sections` are (section key, name, inputs), `scores` what inputs refer to, `overall` an unused key for the whole. Inputs
    that are percentages already are taken as they are with `inputs_as="value"`.
    """
    means = [
        {"key": key, "name": name, "rule": "weighted_mean", "inputs_as": inputs_as, "inputs": inputs}
        for key, name, inputs in sections
    ]
    keys = [key for key, __, __inputs in sections]
    whole = {"key": overall, "name": _("Overall"), "rule": "weighted_mean", "inputs": [{"scores": keys}]}
    found: dict[str, Any] = {
        "scale": {"min": 0, "max": 100, "unit": "%"},
        "scores": [*scores, *means, whole],
        "overall": overall,
        "sections": {key: key for key in keys},
        "zones": zones(),
    }
    return {**found, "treatment": treatment} if treatment else found
