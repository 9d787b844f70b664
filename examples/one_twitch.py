"""The phases of one twitch, healthy and slowed."""

from twitchwise.simulate import Twitch, phases, twitch_of


def main() -> None:
    """Print the latent period, contraction and relaxation of a healthy unit and of one that relaxes half as fast."""
    healthy = twitch_of("healthy")
    slowed = Twitch(
        latent_period_s=healthy.latent_period_s,
        contraction_time_s=healthy.contraction_time_s,
        half_relaxation_time_s=2 * healthy.half_relaxation_time_s,
        peak_force_n=healthy.peak_force_n,
    )
    for name, twitch in {"healthy": healthy, "slow to relax": slowed}.items():
        spans = ", ".join(f"{phase.name} {1000 * phase.duration_s:.0f} ms" for phase in phases(twitch))
        print(f"{name}: {spans}; peak {1000 * twitch.peak_force_n:.1f} mN")


if __name__ == "__main__":
    main()
