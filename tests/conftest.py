"""What every test may ask for. The fixtures live in tests/plugins/, one module for each thing they stand for."""

pytest_plugins = ["tests.plugins.surroundings", "tests.plugins.database", "tests.plugins.browser"]
