"""NEURON as the oracle, where it is installed and a C compiler builds its mechanisms; else a skip that says why."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from twitchwise.knowledge import library

GATES = {"node": "mhpsn", "between": "snq"}
FORMS = {"m": "ll", "h": "ls", "p": "ll", "s": "ss", "n": "ll", "q": "ee"}
CURRENTS = {
    "node": """
    ina = (gna*m*m*m*h + gnap*p*p*p)*(v - ena)
    ik = (gks*s + gkf*n*n*n*n)*(v - ek)
    il = gl*(v - el)
""",
    "between": """
    ina = gh*q*(v - eh)
    ik = (gks*s + gkf*n*n*n*n)*(v - ek)
    il = gl*(v - el)
""",
}
CONDUCTANCES = {"node": "gna gnap gks gkf gl", "between": "gh gks gkf gl"}
POTENTIALS = {"node": "ena ek el", "between": "eh ek el"}


def mechanism(name: str) -> str:
    """Return the mechanism file of a patch of axolemma, with all its numbers as variables."""
    gates = GATES[name]
    constants = [f"{g}{way}{what}" for g in gates for way in "oc" for what in "rms"]
    ranges = f"{CONDUCTANCES[name]} {POTENTIALS[name]}".split()
    rates = "\n".join(
        f"    a = {g}or*{_form(FORMS[g][0])}((v - {g}om)/{g}os)\n"
        f"    b = {g}cr*{_form(FORMS[g][1])}((v - {g}cm)/{g}cs)\n"
        f"    {g}inf = a/(a + b)\n    {g}tau = 1/(a + b)"
        for g in gates
    )
    return f"""
NEURON {{
    SUFFIX tw_{name}
    NONSPECIFIC_CURRENT ina, ik, il
    RANGE {", ".join(ranges)}
    GLOBAL {", ".join(constants)}
}}
PARAMETER {{
{chr(10).join(f"    {each} = 1" for each in constants)}
}}
ASSIGNED {{ v ina ik il {" ".join(ranges)} {" ".join(f"{g}inf {g}tau" for g in gates)} }}
STATE {{ {" ".join(gates)} }}
BREAKPOINT {{
    SOLVE states METHOD cnexp
{CURRENTS[name]}
}}
INITIAL {{
    rates(v)
{chr(10).join(f"    {g} = {g}inf" for g in gates)}
}}
DERIVATIVE states {{
    rates(v)
{chr(10).join(f"    {g}' = ({g}inf - {g})/{g}tau" for g in gates)}
}}
PROCEDURE rates(v) {{ LOCAL a, b
{rates}
}}
FUNCTION lin(x) {{
    if (fabs(x) < 1e-6) {{ lin = 1 + x/2 }} else {{ lin = x/(1 - exp(-x)) }}
}}
FUNCTION sgm(x) {{ sgm = 1/(1 + exp(-x)) }}
FUNCTION xpo(x) {{ xpo = exp(x) }}
"""


def _form(letter: str) -> str:
    return {"l": "lin", "s": "sgm", "e": "xpo"}[letter]


@pytest.fixture(scope="session")
def neuron_module() -> ModuleType:
    if sys.platform == "win32" or importlib.util.find_spec("neuron") is None:
        pytest.skip("NEURON is not installed here, so nothing is compared with it")
    return importlib.import_module("neuron")


@pytest.fixture(scope="session")
def neuron(neuron_module: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:  # noqa: ANN401 - NEURON ships no types
    """Return NEURON's interpreter with the mechanisms of the axon loaded, once per process."""
    builder = Path(sys.executable).parent / "nrnivmodl"
    if not builder.exists() or not any(shutil.which(compiler) for compiler in ("cc", "gcc", "clang")):
        pytest.skip("no C compiler builds NEURON's mechanisms here, so the axon is not compared with it")
    folder = tmp_path_factory.mktemp("mechanisms")
    for name in GATES:
        (folder / f"tw_{name}.mod").write_text(mechanism(name), encoding="ascii")
    built = subprocess.run(  # noqa: S603 - the builder that comes with NEURON
        [str(builder), "."], cwd=folder, capture_output=True, text=True, check=False
    )
    found = sorted(folder.glob("*/**/libnrnmech.*")) + sorted(folder.glob("*/libnrnmech.*"))
    if built.returncode != 0 or not found:
        pytest.skip(f"NEURON's mechanisms did not build: {built.stderr.strip()[-200:]}")
    neuron_module.h.nrn_load_dll(str(found[0]))
    return neuron_module.h


@pytest.fixture(scope="session")
def parameters() -> Mapping[str, float]:
    knowledge = library()
    return {name: knowledge.value(name) for name in knowledge.parameters}
