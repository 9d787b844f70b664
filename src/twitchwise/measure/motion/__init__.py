"""Movement in accelerometers, gyroscopes, goniometers and force: tremor, clonus, spasms, stretches and falls."""
