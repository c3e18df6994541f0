"""Named policies: what an authority asks of a published table, as data.

What belongs here: the numbers, each with its source, and rounding.
What does not: how a table is protected by them (``protection``), or which one a clinic has chosen
(``disclosure_policy`` under ``vars`` in ``dbt_project.yml``, or SCOUT_DISCLOSURE_POLICY).
"""

from dataclasses import asdict, dataclass

from orchestration.errors import SettingsError


@dataclass(frozen=True)
class DisclosurePolicy:
    """What may be shown of how few.

    Attributes:
        name: how a clinic chooses it.
        smallest_count: no count of people from 1 to one less is shown or can be worked out.
            Also the fewest clients who must have changed before a row of a table moves, and the
            fewest behind a percentage. None (zero) is always shown of a group that is shown.
        rounding: every shown count is rounded to the nearest multiple of this; 1 is exact.
        smallest_for_means: fewest clients behind a mean, a correlation or an interval.
        mean_digits: digits after the point of a mean; a scale of ten points or fewer gets one more.
        proportion_digits: digits of a proportion (0-1) or correlation, taken from shown counts.
        source: where the numbers come from.
    """

    name: str
    smallest_count: int
    rounding: int
    smallest_for_means: int
    mean_digits: int
    proportion_digits: int
    source: str

    def published(self, count: int) -> int:
        """A count as it is shown."""
        return (2 * count + self.rounding) // (2 * self.rounding) * self.rounding

    def possible(self, count: int) -> tuple[int, int]:
        """The least and the most people that a shown ``count`` can stand for."""
        if count == 0 or self.rounding == 1:
            return count, count
        shown = self.published(count)
        half = (self.rounding - 1) // 2
        return max(shown - half, self.smallest_count), shown + half


POLICIES = {
    policy.name: policy
    for policy in (
        DisclosurePolicy(
            "cms11", 11, 1, 11, 1, 3,
            "CMS cell size suppression policy (ResDAC, 26 Jan 2024): no cell of 1-10, nor one that "
            "can be derived from other cells or percentages; zero may be shown.",
        ),
        DisclosurePolicy(
            "nhs_hes", 8, 5, 8, 1, 2,
            "NHS England, Hospital Episode Statistics disclosure control: 1-7 are held back, all "
            "others rounded to 5, percentages from rounded numbers, means of 8 or more.",
        ),
        DisclosurePolicy(
            "nhs_mh", 5, 5, 5, 1, 2,
            "NHS England, mental health and Talking Therapies publications: fewer than 5 are held "
            "back, all others rounded to 5.",
        ),
        DisclosurePolicy(
            "opensafely", 8, 5, 8, 1, 2,
            "OpenSAFELY statistical disclosure control: counts up to 7 are redacted, then all "
            "counts are rounded to 5.",
        ),
    )
}  # fmt: skip


def as_row(policy: DisclosurePolicy) -> dict[str, int | str]:
    """The numbers that the published models read."""
    return asdict(policy)


def named(name: str) -> DisclosurePolicy:
    """The policy of that name.

    Raises:
        SettingsError: there is none.
    """
    try:
        return POLICIES[name]
    except KeyError:
        message = (
            f"There is no disclosure policy {name[:40]!r}; choose one of {', '.join(POLICIES)} "
            "(disclosure_policy in dbt_project.yml, or SCOUT_DISCLOSURE_POLICY)."
        )
        raise SettingsError(message) from None
