from .dataset import Dataset as Dataset
from .dataset import open_dataset as open_dataset
from .engine import Cluster as Cluster
from .study import Study as Study
from .study import measure as measure
