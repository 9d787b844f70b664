"""Small data sets for the tests of what a study is made of: BIDS by hand, with every table that says who and when."""

from pathlib import Path

from tests.cohort.visits import visit

from twitchwise.formats import write_edf

PARTICIPANTS = "participant_id\tgroup\tage\tsex\nsub-01\tpatient\t61\tF\nsub-02\tcontrol\t58\tM\n"
SESSIONS = "session_id\tacq_time\tseverity\nses-1\t2024-01-02T09:00:00\t3.5\nses-2\tn/a\t4\n"


def touch(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    return path


def write_bids(folder: Path) -> list[str]:
    """Write two people, one of them with two visits, and return the names of the three recordings."""
    touch(folder / "dataset_description.json", '{"Name": "set", "BIDSVersion": "1.10.0"}')
    touch(folder / "participants.tsv", PARTICIPANTS)
    touch(folder / "sub-01/sub-01_sessions.tsv", SESSIONS)
    touch(
        folder / "sub-01/ses-2/sub-01_ses-2_scans.tsv",
        "filename\tacq_time\tquality\nemg/sub-01_ses-2_task-rest_run-1_emg.edf\t2024-02-03T10:30:00Z\tgood\n",
    )
    touch(folder / "task-rest_emg.json", '{"SamplingFrequency": 1000, "EMGPlacementScheme": "Other"}')
    touch(folder / "derivatives/clean/sub-01/emg/sub-01_task-rest_emg.edf", "cleaned")
    names = [
        "sub-01/ses-1/emg/sub-01_ses-1_task-rest_run-1_emg.edf",
        "sub-01/ses-2/emg/sub-01_ses-2_task-rest_run-1_emg.edf",
        "sub-02/emg/sub-02_task-posture_emg.edf",
    ]
    for seed, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_edf(visit(seed, duration_s=4, n_twitches=2), folder / name)
    touch((folder / names[0]).with_name("sub-01_ses-1_task-rest_run-1_channels.tsv"), "name\ttype\ncalf 0\tEMG\n")
    return names
