"""The ``twitchwise`` command: its subcommands, and the one place where a refusal becomes exit code 2."""

import os
import sys

import typer

from twitchwise.cli import check, cohort, demo, diary, evaluate, explain, knowledge, measure, serve, simulate, tremor
from twitchwise.vocabulary import TwitchwiseError

EXIT_REFUSED = 2
EXIT_INTERRUPTED = 130  # 128 + SIGINT, as shells report it
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
"""Read by the linear algebra behind NumPy when it is loaded."""

application = typer.Typer(
    name="twitchwise",
    help=(
        "What a muscle twitch is, what was recorded, what may cause it, and when to seek help. "
        "Research and education software, not a medical device."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: half the start-up time, and it reads well in every terminal
)
application.command("check")(check.check)
application.command("measure")(measure.measure)
application.command("tremor")(tremor.tremor)
application.command("simulate")(simulate.simulate)
application.add_typer(cohort.application, name="cohort")
application.command("explain")(explain.explain)
application.command("evaluate")(evaluate.evaluate)
application.add_typer(knowledge.application, name="knowledge")
application.add_typer(diary.application, name="diary")
application.command("serve")(serve.serve)
application.command("demo")(demo.demo)


def main() -> None:
    """Run the command line; a refusal prints its one sentence and ends with exit code 2."""
    for name in ONE_THREAD:  # its threads wait for each other longer than the small products of a measurement take
        os.environ.setdefault(name, "1")
    try:
        application()
    except TwitchwiseError as error:
        sys.stderr.write(f"twitchwise: {error}\n")
        sys.exit(EXIT_REFUSED)
    except KeyboardInterrupt:
        sys.exit(EXIT_INTERRUPTED)
