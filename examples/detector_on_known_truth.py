"""How well the detector does where the true event times are known (a script)."""

import numpy as np

import twitchwise

TOLERANCE_S = 0.03  # a detected potential within 30 ms of a true one counts as found


def main() -> None:
    """Simulate two minutes of benign fasciculations, measure them, and count what was found."""
    simulation = twitchwise.simulate_condition("benign_fasciculation_syndrome", duration_s=120.0, seed=1)
    result = twitchwise.measure_recording(simulation.recording)
    true_s = np.concatenate([train.peak_s for train in simulation.events])
    found_s = np.concatenate([train.peak_s for train in result.events])
    near = np.abs(true_s[:, None] - found_s[None, :]) < TOLERANCE_S
    print(f"{true_s.size} true, {near.any(axis=1).sum()} found, {(~near.any(axis=0)).sum()} false")
    for one in result.measurements:
        print(f"{one.id}: {one.value:.3g} {one.unit} [{one.low:.3g}, {one.high:.3g}]")


if __name__ == "__main__":
    main()
