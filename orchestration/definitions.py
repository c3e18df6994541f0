"""What Dagster loads: ``dagster -m orchestration.definitions`` and ``scout ui``."""

from orchestration.build import build_definitions
from orchestration.run_context import RunContext
from orchestration.settings import Settings

defs = build_definitions(RunContext(Settings.from_environment()))
