"""The process that serves the pages: everything loaded before the first visitor comes.

What belongs here: loading what is slow to load, then Streamlit's own command.
What does not: its options (``command``), the pages (``shell``).
"""

import os
import sys
import time
from contextlib import suppress
from threading import Thread

from orchestration.settings import Settings

# How often to look whether there is a new release.
LOOK_SECONDS = 20.0


def main() -> None:
    """Load, draw one chart so that vega is awake, then hand over to ``streamlit run``."""
    import vl_convert
    from streamlit.web import cli

    import orchestration.dashboard.shell  # noqa: F401 - for the next import of it, by the app

    vl_convert.vegalite_to_svg({"data": {"values": [{}]}, "mark": "point"})
    Thread(target=_stay_ahead, args=(Settings.from_environment(),), daemon=True).start()
    try:
        cli.main(["run", *sys.argv[1:]])
    except SystemExit as ended:
        sys.stdout.flush()
        sys.stderr.flush()
        # Left before the interpreter is taken down, for the reason that cli.py gives.
        os._exit(ended.code if isinstance(ended.code, int) else 1)


def _stay_ahead(settings: Settings) -> None:
    """Draw the pages of each new release before anybody asks for them."""
    from orchestration.dashboard.reading import current_identity
    from orchestration.dashboard.shell import draw_ahead

    last = None
    while True:
        identity = current_identity(settings)
        if identity != last:
            # A fault shows on the page it belongs to, to whoever looks at it.
            with suppress(Exception):
                draw_ahead(settings)
            last = identity
        time.sleep(LOOK_SECONDS)


if __name__ == "__main__":
    main()
