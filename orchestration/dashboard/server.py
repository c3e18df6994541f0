"""The process that serves the pages: everything loaded before the first visitor comes.

What belongs here: loading what is slow to load, then Streamlit's own command.
What does not: its options (``serving``), the pages (``shell``).
"""

import sys


def main() -> None:
    """Load, draw one chart so that vega is awake, then hand over to ``streamlit run``."""
    import altair
    import pandas
    import vl_convert
    from streamlit.web import cli

    import orchestration.dashboard.shell  # noqa: F401 - for the next import of it, by the app

    dot = altair.Chart(pandas.DataFrame({"x": [0]})).mark_point().encode(x="x:Q")
    vl_convert.vegalite_to_svg(dot.to_json())
    sys.exit(cli.main(["run", *sys.argv[1:]]))


if __name__ == "__main__":
    main()
