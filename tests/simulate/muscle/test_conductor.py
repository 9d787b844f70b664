import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twitchwise.simulate.muscle.conductor import Conductor, SkinView, wavenumbers
from twitchwise.vocabulary import OutOfRangeError
from twitchwise.vocabulary.arrays import FloatArray

HAND = {
    "along_s_per_m": 0.5,
    "across_s_per_m": 0.1,
    "fat_s_per_m": 0.05,
    "skin_s_per_m": 0.4,
    "fat_m": 0.002,
    "skin_m": 0.001,
}


def _solved(tissue: Conductor, along: float, across: float, depth: float) -> float:
    """Solve the conditions at each boundary for one pair of wavenumbers: unknown potentials go up and down a layer."""
    k = np.hypot(along, across)
    q = np.sqrt(tissue.along_s_per_m / tissue.across_s_per_m * along**2 + across**2)
    s, f, m = tissue.skin_s_per_m * k, tissue.fat_s_per_m * k, tissue.across_s_per_m * q
    ds, df = k * tissue.skin_m, k * tissue.fat_m
    at_muscle = np.exp(-q * depth) / (2 * m)
    # skin: a exp(-k u) + b exp(k u), u down from the air; fat: c, d, down from the skin; muscle: falls downward with e
    rows = np.array(
        [
            [-1.0, 1.0, 0.0, 0.0, 0.0],
            [np.exp(-ds), np.exp(ds), -1.0, -1.0, 0.0],
            [-s * np.exp(-ds), s * np.exp(ds), f, -f, 0.0],
            [0.0, 0.0, np.exp(-df), np.exp(df), -1.0],
            [0.0, 0.0, -f * np.exp(-df), f * np.exp(df), m],
        ]
    )
    a, b, *_ = np.linalg.solve(rows, [0.0, 0.0, 0.0, at_muscle, m * at_muscle])
    return float(a + b)


@given(
    st.floats(1.0, 3000.0),
    st.floats(1.0, 3000.0),
    st.floats(0.0, 0.02),
    st.floats(1e-4, 2.0),
    st.floats(0.0, 0.005),
)
def test_the_transfer_fulfills_every_boundary_condition(
    along: float, across: float, depth: float, skin: float, fat: float
) -> None:
    tissue = Conductor(**(HAND | {"skin_s_per_m": skin, "fat_m": fat}))
    found = float(tissue.transfer(np.array(along), np.array(across), np.array(depth)))
    assert found == pytest.approx(_solved(tissue, along, across, depth), rel=1e-6)


def _view(tissue: Conductor, depth: float, across: float, along: FloatArray, diameter: float = 0.0) -> FloatArray:
    view = SkinView(
        conductor=tissue,
        depth_m=np.array([depth]),
        across_m=np.array([across]),
        reach_m=float(np.abs(along).max()),
        diameter_m=diameter,
    )
    slope: FloatArray = view.slope(along)[0].astype(np.float64)
    return slope


@pytest.mark.parametrize("depth", [0.0, 0.002, 0.01])
@pytest.mark.parametrize("across", [0.0, 0.004, 0.02])
def test_without_layers_and_anisotropy_the_view_is_that_of_a_half_space(depth: float, across: float) -> None:
    even = {name: 0.3 for name in HAND if name.endswith("s_per_m")}
    tissue = Conductor(**(HAND | even))
    along = np.linspace(-0.06, 0.06, 25)
    distance = np.sqrt(along**2 + across**2 + (depth + tissue.cover_m) ** 2)
    expected = -along / distance**3 / (2 * np.pi * 0.3)
    assert _view(tissue, depth, across, along) == pytest.approx(expected, abs=2e-3 * np.abs(expected).max())


def test_a_disc_sees_the_mean_of_its_points() -> None:
    tissue, along = Conductor(**HAND), np.linspace(-0.02, 0.02, 9)
    radius = 0.005 * np.sqrt((np.arange(6) + 0.5) / 6)
    angle = 2 * np.pi * (np.arange(12) + 0.5) / 12
    points = [
        _view(tissue, 0.003, 0.002 + r * np.sin(a), along + r * np.cos(a))
        for r in radius.tolist()
        for a in angle.tolist()
    ]
    seen = _view(tissue, 0.003, 0.002, along, diameter=0.01)
    assert seen == pytest.approx(np.mean(points, axis=0), abs=5e-3 * np.abs(seen).max())


@pytest.mark.parametrize("cover_m", [0.001, 0.003, 0.013])
def test_the_view_is_that_of_many_more_wavenumbers_within_a_thousandth(
    cover_m: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    depths = np.array([0.0, 0.003, 0.01, 0.025])

    def view() -> SkinView:
        tissue = Conductor(**(HAND | {"fat_m": cover_m - 0.001}))
        across = np.array([0.0, 4 * cover_m])
        return SkinView(conductor=tissue, depth_m=depths, across_m=across, reach_m=0.1)

    along = np.linspace(-0.1, 0.1, 200)
    plain = view().slope(along)
    for name, fine in {"DECAY": 15.0, "FIRST_PANEL_PER_M": 1.0, "_GROWTH": 2.0, "TURN_RAD": 10.0}.items():
        monkeypatch.setattr(f"twitchwise.simulate.muscle.conductor.{name}", fine)
    exact = view().slope(along)
    error = np.abs(plain - exact).max(axis=1) / np.abs(exact).max(axis=1)
    assert 1e-6 < error.max() < 1e-3


@pytest.mark.parametrize(("name", "value"), [("fat_m", 0.008), ("skin_m", 0.003), ("skin_s_per_m", 2.0)])
def test_a_thicker_or_better_conducting_cover_weakens_the_view(name: str, value: float) -> None:
    along = np.linspace(-0.02, 0.02, 41)
    before = np.abs(_view(Conductor(**HAND), 0.003, 0.0, along)).max()
    assert np.abs(_view(Conductor(**(HAND | {name: value})), 0.003, 0.0, along)).max() < before


def test_wavenumbers_integrate_a_cosine_as_far_as_it_is_wanted() -> None:
    nodes, weights = wavenumbers(4000.0, 0.1)
    assert nodes.min() > 0
    assert np.diff(nodes).min() > 0
    for distance in (0.0, 0.01, 0.1):
        exact = 0.003 / (0.003**2 + distance**2)
        assert (weights * np.exp(-0.003 * nodes) * np.cos(nodes * distance)).sum() == pytest.approx(
            exact, rel=1e-2, abs=1e-2
        )


def test_tissue_is_made_of_parameters(parameters: dict[str, float]) -> None:
    tissue = Conductor.of(parameters)
    assert tissue.skin_s_per_m == parameters["skin_conductivity"]
    assert tissue.cover_m == parameters["fat_thickness"] + parameters["skin_thickness"]


@pytest.mark.parametrize("name", [name for name in HAND if name.endswith("s_per_m")])
def test_a_conductivity_of_0_is_refused(name: str) -> None:
    with pytest.raises(OutOfRangeError, match=f"{name} must be a finite number above 0"):
        Conductor(**(HAND | {name: 0.0}))


def test_bare_muscle_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match=r"fat_m plus skin_m must be at least 0\.001, got 0\.0005"):
        Conductor(**(HAND | {"fat_m": 0.0, "skin_m": 0.0005}))
    with pytest.raises(OutOfRangeError, match="fat_m must be a finite number of at least 0"):
        Conductor(**(HAND | {"fat_m": -0.1}))
