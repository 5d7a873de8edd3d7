"""Many exports as one job, on this machine or on the workers of a cluster."""
