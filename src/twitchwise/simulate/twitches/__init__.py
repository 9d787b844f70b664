"""From a discharge to force: calcium, cross-bridges and tendon, beside the classic twitch for comparison."""

from twitchwise.simulate.twitches.coefficients import coefficients_of
from twitchwise.simulate.twitches.mechanism import TwitchCoefficients, TwitchState
from twitchwise.simulate.twitches.together import twitches_of

__all__ = ["TwitchCoefficients", "TwitchState", "coefficients_of", "twitches_of"]
