"""What Dagster loads: ``dagster -m orchestration.definitions`` and ``scout ui``."""

from orchestration.build import build_definitions
from orchestration.run_context import RunContext
from orchestration.running import prepare_home
from orchestration.settings import Settings

_SETTINGS = Settings.from_environment()
prepare_home(_SETTINGS)
defs = build_definitions(RunContext(_SETTINGS))
