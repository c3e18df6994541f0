"""How many clients of the evaluation file look alike: k-anonymity over stated attributes.

What belongs here: measuring k over declared attributes.
What does not: which attributes those are (every one in ``dim_client_attributes``), or a client.
"""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Anonymity:
    """What was measured (Sweeney 2002).

    Attributes:
        attributes: the quasi-identifiers, sorted.
        clients: clients in the file.
        k: the fewest clients who share all attributes with each other; None without clients.
        alone: clients whom nobody else is like.
        below: clients in groups of fewer than the level asked for.
    """

    attributes: tuple[str, ...]
    clients: int
    k: int | None
    alone: int
    below: int


def measure(clients: pd.DataFrame, attributes: pd.DataFrame, level: int = 0) -> Anonymity:
    """K of the clients over all their stated attributes.

    Args:
        clients: one row per client: client_id.
        attributes: client_id, attribute, attribute_value. A client of whom an attribute is not
            stated is alike to the others of whom it is not.
        level: the k a clinic asks for; 0 asks for none.
    """
    names = tuple(sorted(attributes["attribute"].unique()))
    # A client with several values of one attribute has all of them, in order.
    stated = (
        attributes.sort_values(["client_id", "attribute", "attribute_value"])
        .astype({"attribute_value": "str"})
        .groupby(["client_id", "attribute"])["attribute_value"]
        .agg("|".join)
        .unstack("attribute")
        .reindex(clients["client_id"].unique())
    )
    if not len(stated):
        return Anonymity(names, 0, None, 0, 0)
    if not names:
        # All alike: of nobody anything is stated.
        below = len(stated) if len(stated) < level else 0
        return Anonymity(names, len(stated), len(stated), int(len(stated) == 1), below)
    sizes = stated.groupby(list(names), dropna=False).size()
    return Anonymity(
        attributes=names,
        clients=len(stated),
        k=int(sizes.min()),
        alone=int((sizes == 1).sum()),
        below=int(sizes[sizes < level].sum()),
    )
