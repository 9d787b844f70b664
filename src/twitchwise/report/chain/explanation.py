"""Explains a condition beside health: the figure of the chain, and one plain sentence for each link."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from twitchwise.knowledge import library
from twitchwise.report.chain.figure import chain_svg
from twitchwise.report.chain.sentences import NOT_MEASURED, sentences_of
from twitchwise.report.display import number
from twitchwise.report.languages import tell
from twitchwise.report.story import condition_label
from twitchwise.simulate.condition import Setting
from twitchwise.simulate.links import Chain, chain_of
from twitchwise.vocabulary.text import say, together


@dataclass(frozen=True, kw_only=True, eq=False)
class Explanation:
    """What a condition changes, beside health; a notebook shows it as it is.

    Parameters
    ----------
    svg
        The figure, which stands alone: no script, no style sheet, nothing from outside. Its words are in the language
        of who asked for it.
    alt
        The figure in words, with its numbers.
    caption
        What is compared, and that it was computed.
    sentences
        One a link, in the order of the chain.
    chain
        All numbers and curves, and the two simulations.
    """

    svg: str
    alt: str
    caption: str
    sentences: tuple[str, ...]
    chain: Chain

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        listed = Markup().join(Markup("<li>{}</li>").format(tell(sentence)) for sentence in self.sentences)
        return f"<figure>{self.svg}<figcaption>{escape(tell(self.caption))}</figcaption></figure><ul>{listed}</ul>"


def explain(condition: Setting | str, *, seed: int = 1) -> Explanation:
    """Simulate a condition and health side by side, and show what differs along the chain.

    Parameters
    ----------
    condition
        A condition's id, or a setting with its severity, scene and side of a story.
    seed
        At least 0; the same seed gives the same figure.

    Raises
    ------
    OutOfRangeError
        If there is no such condition, it has no mechanism in the model, or a number lies outside.
    MissingExtraError
        If the package that steps the state equations is not installed.

    Examples
    --------
    >>> explain("hypothyroidism").sentences[4]  # doctest: +ELLIPSIS
    'One twitch: ...letting go (half-relaxation time) gets longer, from ...'
    """
    chain = chain_of(condition, seed=seed)
    label = condition_label(chain.setting.condition, library())
    sentences = sentences_of(chain.links)
    lead = say("What the model changes with {condition}, beside health.", condition=label)
    alt = together([lead, *sentences])
    return Explanation(
        svg=chain_svg(chain, label, alt), alt=alt, caption=_caption(chain, label), sentences=sentences, chain=chain
    )


def _caption(chain: Chain, label: str) -> str:
    setting, duration_s = chain.setting, chain.changed.recording.duration_s
    said = {
        "condition": label,
        "severity": number(setting.severity),
        "seconds": number(duration_s),
        "not_measured": NOT_MEASURED,
    }
    if setting.story == "popular":
        return say(
            "Left: health. Right: {condition}, severity {severity}, as the popular story has it. "
            "Both were computed in the same way, {seconds} seconds each. {not_measured}",
            **said,
        )
    return say(
        "Left: health. Right: {condition}, severity {severity}. "
        "Both were computed in the same way, {seconds} seconds each. {not_measured}",
        **said,
    )
