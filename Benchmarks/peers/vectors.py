"""Vector search by other engines, on the vectors that VectorBenchmark searches.

    vectors.py data DIRECTORY [SIZE ...]     writes the vectors, the queries and the exact answers
    vectors.py run DIRECTORY [SIZE ...]      measures the peers, one JSON object a line
                  [--peers lancedb,faiss-flat,faiss-hnsw,usearch-exact] [--kinds clustered,gaussian]

Two kinds of data, 384 dimensions, length 1: `clustered` draws from 3,000 centres with a decaying spectrum, as
sentence embeddings have it; `gaussian` has no structure at all, which is the hardest for anything that is not exact.
Every peer answers one query at a time. Times are milliseconds; `cpu_ms` counts all threads of the process.
"""

import argparse
import json
import os
import shutil
import statistics
import sys
import tempfile
import time

import numpy as np

DIMENSIONS, QUERIES, NEIGHBOURS = 384, 100, 20
SIZES = [1_000, 10_000, 100_000, 1_000_000]
STRIDE = 50_000


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def clustered(count, seed):
    shape = np.random.default_rng(1)
    spectrum = (1 + np.arange(DIMENSIONS, dtype=np.float32)) ** -0.4
    rotation = np.linalg.qr(shape.standard_normal((DIMENSIONS, DIMENSIONS)))[0].astype(np.float32)
    mixing = spectrum[:, None] * rotation
    mean = 1.5 * spectrum[0] * rotation[0]
    centres = mean + shape.standard_normal((3000, DIMENSIONS), dtype=np.float32) @ mixing
    random = np.random.default_rng(seed)
    for start in range(0, count, STRIDE):
        rows = min(STRIDE, count - start)
        noise = random.standard_normal((rows, DIMENSIONS), dtype=np.float32) @ mixing
        yield unit(centres[random.integers(0, len(centres), rows)] + 0.6 * noise)


def gaussian(count, seed):
    random = np.random.default_rng(seed)
    for start in range(0, count, STRIDE):
        yield unit(random.standard_normal((min(STRIDE, count - start), DIMENSIONS), dtype=np.float32))


KINDS = {"clustered": clustered, "gaussian": gaussian}


def exact(base, queries, size):
    """Ids of the nearest, nearest first."""
    ids, scores = np.empty((len(queries), 0), np.int64), np.empty((len(queries), 0), np.float32)
    for start in range(0, size, STRIDE):
        part = queries @ base[start : min(size, start + STRIDE)].T
        top = np.argpartition(-part, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
        ids = np.concatenate([ids, top + start], axis=1)
        scores = np.concatenate([scores, np.take_along_axis(part, top, 1)], axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")[:, :NEIGHBOURS]
        ids, scores = np.take_along_axis(ids, order, 1), np.take_along_axis(scores, order, 1)
    return ids


def write_data(directory, sizes):
    os.makedirs(directory, exist_ok=True)
    for kind, generate in KINDS.items():
        path = os.path.join(directory, kind)
        with open(path + ".f32", "wb") as file:
            for rows in generate(max(sizes), 2):
                rows.tofile(file)
        queries = np.concatenate(list(generate(QUERIES, 3)))
        queries.tofile(path + ".queries.f32")
        base = load(directory, kind, max(sizes))
        for size in sizes:
            exact(base, queries, size).tofile(f"{path}.{size}.i64")
        print("wrote", path, file=sys.stderr)


def load(directory, kind, size):
    return np.memmap(os.path.join(directory, kind + ".f32"), np.float32, "r").reshape(-1, DIMENSIONS)[:size]


def lancedb(base, scratch):
    import lancedb
    import pyarrow

    table = None
    for start in range(0, len(base), 100_000):
        rows = np.ascontiguousarray(base[start : start + 100_000])
        vectors = pyarrow.FixedSizeListArray.from_arrays(pyarrow.array(rows.reshape(-1)), DIMENSIONS)
        batch = pyarrow.table({"id": pyarrow.array(np.arange(start, start + len(rows))), "vector": vectors})
        if table is None:
            table = lancedb.connect(scratch).create_table("vectors", batch)
        else:
            table.add(batch)
    search = lambda query, limit: table.search(query).metric("cosine").limit(limit).to_arrow()["id"].to_pylist()
    return lancedb.__version__, search


def faiss_flat(base, scratch):
    import faiss

    faiss.omp_set_num_threads(1)
    index = faiss.IndexFlatIP(DIMENSIONS)
    index.add(base)
    return faiss.__version__, lambda query, limit: index.search(query[None], limit)[1][0]


def faiss_hnsw(base, scratch):
    import faiss

    faiss.omp_set_num_threads(os.cpu_count())
    index = faiss.IndexHNSWFlat(DIMENSIONS, 32, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction, index.hnsw.efSearch = 100, 64
    index.add(base)
    faiss.omp_set_num_threads(1)
    return faiss.__version__, lambda query, limit: index.search(query[None], limit)[1][0]


def usearch_exact(base, scratch):
    import usearch
    from usearch.index import MetricKind, search

    return usearch.__version__, lambda query, limit: search(
        base, query, limit, MetricKind.Cos, exact=True, threads=1
    ).keys


PEERS = {
    "lancedb": lancedb,
    "faiss-flat": faiss_flat,
    "faiss-hnsw": faiss_hnsw,
    "usearch-exact": usearch_exact,
}


def measure(search, queries, answers, limit):
    search(queries[0], limit)
    wall, cpu, found = [], [], 0
    for query, answer in zip(queries, answers):
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        ids = search(query, limit)
        cpu.append((time.process_time() - cpu_start) * 1e3)
        wall.append((time.perf_counter() - wall_start) * 1e3)
        found += len(set(map(int, ids)) & set(answer[:limit].tolist()))
    return {
        "cpu_ms_median": round(statistics.median(cpu), 4),
        "cpu_ms_p99": round(sorted(cpu)[len(cpu) * 99 // 100], 4),
        "wall_ms_median": round(statistics.median(wall), 4),
        "wall_ms_p99": round(sorted(wall)[len(wall) * 99 // 100], 4),
        "recall": round(found / (len(wall) * limit), 4),
    }


def run(directory, sizes, kinds, peers):
    for kind in kinds:
        queries = np.fromfile(os.path.join(directory, kind + ".queries.f32"), np.float32).reshape(-1, DIMENSIONS)
        for size in sizes:
            answers = np.fromfile(os.path.join(directory, f"{kind}.{size}.i64"), np.int64).reshape(-1, NEIGHBOURS)
            for peer in peers:
                if peer == "faiss-hnsw" and size > 100_000:
                    continue  # Building it takes many minutes and 1.8 GB.
                base = np.ascontiguousarray(load(directory, kind, size))
                scratch = tempfile.mkdtemp(dir=directory)
                try:
                    start = time.perf_counter()
                    version, search = PEERS[peer](base, scratch)
                    build = time.perf_counter() - start
                    # LanceDB takes seconds at a million; a fifth of the queries is enough for a median.
                    count = 20 if size >= 1_000_000 and peer == "lancedb" else QUERIES
                    result = {"engine": peer, "version": version, "data": kind, "n": size, "build_s": round(build, 3)}
                    for limit in (4, 20):
                        result[f"top{limit}"] = measure(search, queries[:count], answers[:count], limit)
                    print(json.dumps(result), flush=True)
                finally:
                    shutil.rmtree(scratch, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["data", "run"])
    parser.add_argument("directory")
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--peers", default=",".join(PEERS))
    arguments = parser.parse_intermixed_args()
    sizes = arguments.sizes or SIZES
    if arguments.verb == "data":
        write_data(arguments.directory, sizes)
    else:
        run(arguments.directory, sizes, arguments.kinds.split(","), arguments.peers.split(","))


if __name__ == "__main__":
    main()
