"""What must be true of ``published.pub_dose_response`` before a dashboard may open the file.

What belongs here: the table's key, and its bands.
What does not: what all tables of estimates keep (_estimates.py, _disclosure.py).
"""

from expectations.suites._estimates import claim, published_estimates

SUITE = published_estimates(
    "pub_dose_response",
    ("program_id", "threshold_set", "session_band"),
    claim(
        "a_band_has_an_order",
        "A band begins at one session or later and ends, if it does, where it begins or later.",
        "A band that is upside down holds nobody.",
        "session_band_low < 1 or session_band_high < session_band_low",
        "session_band_low",
        "session_band_high",
    ),
    shares={"estimate": ("numerator_count", "sample_size")},
    about_nobody_here=("session_band_low", "session_band_high"),
)
