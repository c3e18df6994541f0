"""What of dbt's own telling is heard: warnings, errors, and that a node is finished.

What belongs here: the event manager that dbt is given, and what it does not pass on.
What does not: what is made of a finished node (``dbt_in_process``).

dbt makes some fifteen events for each node and words each of them twice, for a console and a log
that this process gives it neither of: a tenth of what building costs.
"""

from typing import Any

from dbt_common.events.base_types import BaseEvent, EventLevel
from dbt_common.events.event_manager import EventManager
from dbt_common.events.event_manager_client import ctx_set_event_manager

NODE_FINISHED = "NodeFinished"
_QUIET = frozenset({EventLevel.TEST, EventLevel.DEBUG, EventLevel.INFO})


class _Attentive(EventManager):
    """Passes on what somebody listens to."""

    def fire_event(
        self,
        e: BaseEvent,
        level: EventLevel | None = None,
        node: Any = None,
        force_warn_or_error_handling: bool = False,
    ) -> None:
        """Word and hand on one event, or let it go."""
        is_quiet = (level or e.level_tag()) in _QUIET and not force_warn_or_error_handling
        if not is_quiet or type(e).__name__ == NODE_FINISHED:
            super().fire_event(e, level, node, force_warn_or_error_handling)


def listen_only_to_what_is_heard() -> None:
    """Give dbt such a manager for its next call."""
    ctx_set_event_manager(_Attentive())
