"""Maps: a table in two dimensions by PCA, t-SNE and UMAP, beside the same of tables like it, drawn at random.

t-SNE and UMAP tear rows apart that belong together, in one Gaussian too, so a map says nothing by itself. Coordinates
are kept in thousandths, of some of the rows: enough for a picture.
"""

import warnings
from collections.abc import Callable, Mapping

import numpy as np

from pipelines.facts.reflect.groups_shown import GroupsMap, GroupsMaps, MappedTable, Without
from pipelines.groups.columns import Scaling
from pipelines.targets.arrays import Floats, Integers

ROWS = 1_000  # laid out at most: t-SNE takes 3 s of them, 12 s of 3,000; UMAP 1 s and 4 s, once it is compiled
STEPS = 500  # of t-SNE: the next 500 bring its loss down by one to four hundredths, and change no count of islands
NEIGHBOURS = 15  # of UMAP
SHOWN = 400  # of these, drawn
PLACES = 1_000  # on each axis
FEWEST = 10  # rows of an island
ISLAND = 50  # it has at least one of so many rows
WATER = 1.5  # between islands: so many times the distance to the FEWESTth neighbour that half of the rows have
STARTS = 10  # of k-means
LEAST = 1e-12  # a length: rows may all have the same place


def maps(values: Floats, nulls: Mapping[Without, Floats], number: int, seed: int) -> GroupsMaps:
    """Return the maps of values (rows, columns) and of `nulls`, coloured by k-means of `number` groups.

    Both methods see the scaled values of at most ROWS rows, drawn at random. One thread, so that the same seed
    gives the same map on the same machine.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        tables: list[MappedTable] = [
            _mapped(name, table, number, seed) for name, table in ({"the table": values} | dict(nulls)).items()
        ]
    rows = min(len(values), ROWS)
    return {"rows": rows, "shown": min(rows, SHOWN), "number": number, "tables": tables}


def _mapped(name: str, values: Floats, number: int, seed: int) -> MappedTable:
    rng = np.random.default_rng(seed)
    some = values if len(values) <= ROWS else values[np.sort(rng.choice(len(values), ROWS, replace=False))]
    scaled = Scaling.fit(some, rng).apply(some, rng)[0]
    shown = np.sort(rng.choice(len(some), min(len(some), SHOWN), replace=False))
    return {
        "name": name,  # type: ignore[typeddict-item]
        "groups": (_k_means(scaled, number, seed)[shown] + 1).tolist(),
        "maps": [_laid(method, make(scaled, seed), shown) for method, make in METHODS.items()],
    }


def _laid(method: str, places: Floats, shown: Integers) -> GroupsMap:
    even = np.rint(_stretched(places) * PLACES).astype(np.int64)[shown]
    return {
        "method": method,  # type: ignore[typeddict-item]
        "x": even[:, 0].tolist(), "y": even[:, 1].tolist(), "islands": islands(places),
    }  # fmt: skip


def islands(places: Floats) -> int:
    """Return how many islands a map (rows, 2) has, as it is drawn: 1 where there is no second one.

    Rows are of one island where the water between them is narrower than WATER says (DBSCAN, Ester and others 1996).
    That is one distance for the whole map: what looks at all distances (HDBSCAN) finds islands in one Gaussian.
    """
    from scipy.spatial import cKDTree
    from sklearn.cluster import DBSCAN

    rows = len(places)
    if rows <= FEWEST:
        return 1
    drawn = _stretched(places)
    away = cKDTree(drawn).query(drawn, [FEWEST + 1])[0]  # a row is the nearest to itself
    labels = DBSCAN(eps=max(WATER * float(np.median(away)), LEAST), min_samples=FEWEST).fit_predict(drawn)
    sizes = np.bincount(labels[labels >= 0])
    return max(1, int(((sizes >= FEWEST) & (sizes * ISLAND >= rows)).sum()))


def _stretched(places: Floats) -> Floats:
    """Return a map (rows, 2) with each axis from 0 to 1."""
    low, high = places.min(axis=0), places.max(axis=0)
    return np.asarray((places - low) / np.maximum(high - low, LEAST))


def _k_means(scaled: Floats, number: int, seed: int) -> Integers:
    """Return k-means groups (rows,), 0 the one that is lowest in the first principal component, and so on."""
    from sklearn.cluster import KMeans

    labels = KMeans(number, n_init=STARTS, random_state=seed).fit_predict(scaled)
    first = _pca(scaled, seed)[:, 0]
    order = np.argsort([first[labels == one].mean() for one in range(number)])
    return np.argsort(order)[labels]


def _pca(scaled: Floats, _: int) -> Floats:
    """Return the first two principal components, of which the largest weight is positive; one column has but one."""
    centred = scaled - scaled.mean(axis=0)
    _left, _sizes, turn = np.linalg.svd(centred, full_matrices=False)
    turn = turn[:2] * np.sign(turn[np.arange(len(turn[:2])), np.abs(turn[:2]).argmax(axis=1)])[:, None]
    return np.asarray(centred @ turn.T)


def _t_sne(scaled: Floats, seed: int) -> Floats:
    from sklearn.manifold import TSNE

    return np.asarray(TSNE(random_state=seed, init="pca", max_iter=STEPS, n_jobs=1).fit_transform(scaled), np.float64)


def _umap(scaled: Floats, seed: int) -> Floats:
    """Return UMAP's map. It is given the neighbours: what it compiles to look for them takes half of its time."""
    from sklearn.neighbors import NearestNeighbors

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # one of its other methods wants TensorFlow
        from umap import UMAP
    number = min(NEIGHBOURS, len(scaled) - 1)
    away, places = NearestNeighbors(n_neighbors=number).fit(scaled).kneighbors(scaled)
    layout = UMAP(number, random_state=seed, n_jobs=1, precomputed_knn=(places, away, None))
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "precomputed_knn", UserWarning
        )  # further rows could not be laid out: none are
        return np.asarray(layout.fit_transform(scaled), np.float64)


METHODS: Mapping[str, Callable[[Floats, int], Floats]] = {"PCA": _pca, "t-SNE": _t_sne, "UMAP": _umap}
