"""The script that Streamlit runs: nothing but the call.

What belongs here: that call. What does not: anything else (``shell``).
"""

from orchestration.dashboard.shell import main

main()
