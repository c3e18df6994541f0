"""Rows of what is drawn bin by bin: scores, changes, courses and orders.

What belongs here: tables whose rows are areas of a picture or moments of a course.
What does not: estimates (``link``).
"""

from tests.chart_frames.words import LARGE, OTHER, OUTCOME, PROCESS, counted, estimated, pair


def change_bins() -> list[dict[str, object]]:
    columns = {
        (-4.0, -0.2): [(-27, 0, None), (0, 27, 12)],
        (-0.2, 0.1): [(-27, -6, 11), (-6, -2, 14), (-2, 27, 13)],
        (0.1, 0.5): [(-27, -8, 14), (-8, -3, 17), (-3, 27, 12)],
        (0.5, 4.0): [(-27, -7, 19), (-7, 27, 11)],
    }
    found = []
    for (low, high), cells in columns.items():
        for bottom, top, count in cells:
            found.append(
                pair()
                | {
                    "cell_number": len(found) + 1,
                    "process_bin_low": low,
                    "process_bin_high": high,
                    "outcome_bin_low": bottom,
                    "outcome_bin_high": top,
                }
                | counted("sample_size", 106)
                | counted("pair_count", count)
            )
    return found


def change_lines() -> list[dict[str, object]]:
    return [
        pair()
        | {"process_change": x}
        | counted("sample_size", 106)
        | estimated("fitted_outcome_change", y, y - width, y + width)
        for x, y, width in (
            (-0.4, -1.4, 1.7),
            (0.0, -2.8, 1.1),
            (0.3, -3.9, 0.8),
            (0.6, -5.0, 1.1),
            (0.9, -6.1, 1.6),
        )
    ]


def score_bins() -> list[dict[str, object]]:
    edges = [0, 5, 10, 13, 16, 20, 27]
    counts = {"first": [None, 14, 21, 28, 26, 15], "last": [19, 26, 22, 17, 11, 11]}
    return [
        {
            "program_id": LARGE,
            "scale_id": OUTCOME,
            "score_moment": moment,
            "bin_number": number + 1,
            "bin_low": edges[number],
            "bin_high": edges[number + 1],
            **counted("paired_count", 106),
            **counted("episode_count", count),
        }
        for moment, found in counts.items()
        for number, count in enumerate(found)
    ]


def course() -> list[dict[str, object]]:
    means = ((0, 0, 15.5, 106), (1, 2, 14.8, 98), (3, 4, 13.6, 95), (5, 8, 12.4, None))
    last = ((9, 12, 11.6, 71), (13, 26, None, None), (27, None, 10.9, 24))
    return [
        {
            "program_id": LARGE,
            "scale_id": OUTCOME,
            "week_from": start,
            "week_to": end,
            **counted("course_count", 106),
            **counted("client_count", size),
            **estimated(
                "score_mean",
                mean,
                None if mean is None else round(mean - 0.9, 1),
                None if mean is None else round(mean + 0.9, 1),
            ),
        }
        for start, end, mean, size in (*means, *last)
    ]


def sudden_gains() -> list[dict[str, object]]:
    return [
        {
            "program_id": LARGE,
            "scale_id": scale,
            **counted("course_count", 106),
            **counted("gain_count", count),
            **estimated("gain_proportion", share, low, high),
            **counted("loss_count", None),
        }
        for scale, count, share, low, high in (
            (OUTCOME, 24, 0.226, 0.157, 0.315),
            (PROCESS, None, None, None, None),
        )
    ]


def change_order() -> list[dict[str, object]]:
    return [
        pair(outcome=outcome)
        | {"order_basis": "observed"}
        | counted("sample_size", 54)
        | counted("process_first_count", first)
        | counted("together_count", together)
        | counted("outcome_first_count", last)
        | estimated("estimate", 0.37, 0.25, 0.5)
        for outcome, first, together, last in ((OUTCOME, 20, 18, 16), (OTHER, 23, None, None))
    ]
