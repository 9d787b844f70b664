from .dataset import Dataset as Dataset
from .dataset import open_dataset as open_dataset
from .engine import Cluster as Cluster
from .engine import ClusterLostError as ClusterLostError
from .simulated import simulate_cohort as simulate_cohort
from .study import Study as Study
from .study import measure as measure
