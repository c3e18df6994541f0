"""What Dagster's pages say beside every asset: whom to ask, and where the run book lies.

What belongs here: owners and links, the same for every asset of a stage.
What does not: what an asset is (its own module, or its model's description).
"""

from collections.abc import Iterable

import dagster as dg

from orchestration.settings import CHECKOUT

RUN_BOOK = CHECKOUT / "orchestration" / "RUN_BOOK.md"
# Data come from the clinic and go back to it; what lies between is Scout's own.
_OF_THE_CLINIC = frozenset({"landing", "raw", "published"})


def described(
    assets: Iterable[dg.AssetsDefinition | dg.AssetSpec],
) -> list[dg.AssetsDefinition | dg.AssetSpec]:
    """The same assets, each with an owner and the way to its section of the run book."""
    return [
        _described(one) if isinstance(one, dg.AssetSpec) else one.map_asset_specs(_described)
        for one in assets
    ]


def _described(spec: dg.AssetSpec) -> dg.AssetSpec:
    stage = spec.key.path[0]
    return spec.replace_attributes(
        owners=["team:analysts" if stage in _OF_THE_CLINIC else "team:maintainers"],
        metadata={**spec.metadata, "run_book": dg.MetadataValue.path(f"{RUN_BOOK}#{stage}")},
    )
