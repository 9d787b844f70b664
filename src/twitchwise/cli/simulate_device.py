"""``twitchwise simulate`` into what a phone, a watch or a camera records: one file with its truth beside it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from twitchwise.cli.output import counted_progress, print_json, require_writable
from twitchwise.vocabulary import OutOfRangeError

if TYPE_CHECKING:
    from twitchwise.simulate import Setting, Traits
    from twitchwise.simulate.simulation import Simulation

PERCENT = 100
FILMS, TABLES = (".mp4", ".m4v", ".mov"), (".csv", ".txt", ".json", ".bin", ".zip")
RATE_HZ = 1000.0  # of the simulation below a device: skin and limb move no faster
DEVICES = ("phone", "watch", "camera")


@dataclass(frozen=True, kw_only=True, slots=True)
class DeviceOrder:
    """What was asked for of a device: kind, export, of a camera its rate, size and hold, and of whom."""

    device: str | None = None
    export: str = "plain"
    fps: float = 30.0
    size: str = "1280x720"
    shake: str = "handheld"
    traits: "Traits | None" = None

    def chosen(self, output: Path) -> str:
        """Return the device: the one asked for, or what the file's name says."""
        if self.device is None:
            return "camera" if output.suffix.lower() in FILMS else "phone"
        if self.device not in DEVICES:
            raise OutOfRangeError(f"device must be one of {', '.join(DEVICES)}, got {self.device!r}.")
        if (self.device == "camera") != (output.suffix.lower() in FILMS):
            raise OutOfRangeError(f"output of a {self.device} must end as its files do, got {str(output)!r}.")
        return self.device


def is_for_a_device(output: Path | None, device: str | None) -> bool:
    """Tell whether an output is what a phone, a watch or a camera records."""
    if device is not None and output is None:
        raise OutOfRangeError("output must be a file for a device, got none; give -o FILE.")
    return output is not None and (device is not None or output.suffix.lower() in (*FILMS, *TABLES))


def simulate_on_device(
    setting: "Setting", duration_s: float | None, seed: int, output: Path, order: DeviceOrder, *, as_json: bool
) -> None:
    """Simulate a condition and write what a device records of it, with the truth beside."""
    chosen = order.chosen(output)
    require_writable(output)
    from twitchwise.simulate import Apparatus, Traits, simulate_condition  # noqa: PLC0415 - array libraries load here

    apparatus = Apparatus(sampling_rate_hz=RATE_HZ)
    with counted_progress(f"Simulating {setting.condition}") as show:
        simulation = simulate_condition(
            setting, duration_s=duration_s, seed=seed, apparatus=apparatus, traits=order.traits or Traits()
        )
        show(PERCENT, 2 * PERCENT)
        written = _filmed if chosen == "camera" else _sensed
        files, about = written(simulation, chosen, output, order)
        show(2 * PERCENT, 2 * PERCENT)
    if as_json:
        print_json({**about, "files": [str(file) for file in files]})
    else:
        typer.echo(f"The recording is in {output}, its truth beside it: {', '.join(file.name for file in files)}.")


def _filmed(
    simulation: "Simulation", _: str, output: Path, order: DeviceOrder
) -> tuple[list[Path], Mapping[str, object]]:
    from twitchwise.formats.video.writing import write_video  # noqa: PLC0415 - video is an extra
    from twitchwise.simulate.devices import write_truth  # noqa: PLC0415
    from twitchwise.simulate.film import Camera, Shake, render, scene_of  # noqa: PLC0415

    width, height = _size(order.size)
    if order.shake not in [*Shake]:
        raise OutOfRangeError(f"shake must be one of {', '.join(Shake)}, got {order.shake!r}.")
    step_s = 1 / order.fps if order.fps > 0 else 1.0
    camera = Camera(
        width=width,
        height=height,
        frame_rate_hz=order.fps,
        exposure_s=step_s / 4,
        readout_s=step_s / 2,
        shake=Shake(order.shake),
    )
    film = render(scene_of(simulation, camera), output.name)
    write_video(film.video, output)
    about = {
        **_about(simulation),
        "device": "camera",
        "region": str(film.scene.region),
        "frame_rate_hz": order.fps,
        "width_px": width,
        "height_px": height,
        "shake": order.shake,
        "twitches": len(film.truth),
    }
    return [output, *write_truth(output, [film.truth], about)], about


def _sensed(
    simulation: "Simulation", kind: str, output: Path, order: DeviceOrder
) -> tuple[list[Path], Mapping[str, object]]:
    from dataclasses import replace  # noqa: PLC0415

    from twitchwise.simulate.devices import (  # noqa: PLC0415
        EXPORTS,
        DeviceKind,
        device_of,
        sense_simulation,
        write_export,
        write_truth,
    )

    device = device_of(DeviceKind(kind), simulation.seed)
    if order.export in EXPORTS:
        device = replace(device, with_gravity=EXPORTS[order.export].with_gravity)
    sensed = sense_simulation(simulation, device, simulation.seed)
    files = write_export(sensed, output, order.export)
    about = {
        **_about(simulation),
        "device": kind,
        "place": str(device.place),
        "export": order.export,
        "rate_hz": device.clock.rate_hz,
        "clock_drift": device.clock.drift,
        "with_gravity": device.with_gravity,
        "turn_rad": list(device.turn_rad),
    }
    return [*files, *write_truth(output, sensed.events, about)], about


def _about(simulation: "Simulation") -> dict[str, object]:
    return {"condition": simulation.condition, "seed": simulation.seed, "simulated": True}


def _size(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"\s*(\d{1,4})\s*[xX]\s*(\d{1,4})\s*", text)
    if not found:
        raise OutOfRangeError(f"size must be width x height in pixels, for example 1280x720, got {text!r}.")
    return int(found[1]), int(found[2])
