"""What the evidence says of a popular claim, for a terminal."""

from rich.console import RenderableType

from twitchwise.knowledge import Library
from twitchwise.knowledge.schema import Claim, Verdict
from twitchwise.report.citations import cite_all
from twitchwise.report.text_parts import page, paragraph, references, section, title
from twitchwise.vocabulary.text import say

VERDICTS = {
    Verdict.SUPPORTED: say("The evidence supports it."),
    Verdict.PARTLY: say("Partly right."),
    Verdict.NOT_SUPPORTED: say("The evidence does not support it."),
    Verdict.CONTRADICTED: say("The evidence speaks against it."),
    Verdict.NOT_STUDIED: say("Nobody seems to have studied it."),
}


def claim_as_text(claim: Claim, library: Library) -> RenderableType:
    """Return a claim, the verdict, the answer and its sources."""
    cited = cite_all((evidence.source for evidence in claim.evidence), library)
    return page(
        title(f"“{claim.claim}”"),
        paragraph(VERDICTS[claim.verdict], style="bold"),
        paragraph(claim.answer),
        section("Sources", references(cited)),
    )
