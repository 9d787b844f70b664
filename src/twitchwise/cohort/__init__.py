"""Many recordings: a data set in, a study's tables out, on one machine or on a Dask cluster."""
