"""Settings: `embedded` for one machine without services (the default), `production`, `test`; all start from `base`."""
