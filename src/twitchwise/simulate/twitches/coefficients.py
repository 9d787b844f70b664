"""The coefficients of every unit's twitch: calibrated in health, then changed by what a condition does to the muscle.

Temperature, thyroid hormone, fatigue and fiber type act through the scales of release, uptake and cross-bridges; what
they do to the twitch is a result (for temperature see Ranatunga et al. 1987, doi:10.1113/jphysiol.1987.sp016707).
"""

from collections.abc import Mapping

from twitchwise.simulate.twitches.calibration import calibrated, mechanism_of
from twitchwise.simulate.twitches.mechanism import TwitchCoefficients
from twitchwise.simulate.units import MotorUnits


def coefficients_of(units: MotorUnits, parameters: Mapping[str, float]) -> TwitchCoefficients:
    """Return what makes each unit's twitch under a condition.

    The drawn numbers of a unit are those of health; they set its rate constants. The condition then scales release,
    uptake and cross-bridges, so that the twitch it leads to is a result.

    Parameters
    ----------
    units
        As `draw_units` gives them.
    parameters
        As `twitchwise.simulate.parameters_for` gives them.

    Returns
    -------
    TwitchCoefficients
        NumPy arrays of shape ``(n_units,)``; JAX takes them as they are.

    Raises
    ------
    OutOfRangeError
        If the drawn numbers of a unit do not go together in one twitch.
    """
    return scaled(calibrated(units, mechanism_of(parameters)), parameters)


def scaled(healthy: TwitchCoefficients, parameters: Mapping[str, float]) -> TwitchCoefficients:
    """Return what a condition makes of coefficients that were calibrated in health."""
    cross_bridges = parameters["cross_bridge_rate_scale"]
    return healthy._replace(
        opening=healthy.opening * parameters["calcium_release_scale"],
        uptake_s=healthy.uptake_s / parameters["calcium_uptake_scale"],
        troponin_s=healthy.troponin_s / cross_bridges,
        attachment_per_s=healthy.attachment_per_s * cross_bridges,
        detachment_per_s=healthy.detachment_per_s * cross_bridges,
    )
