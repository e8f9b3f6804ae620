"""Runs the benchmarks and prints what they gave; see script/bench.

    run.py [embedding] [vectors] [server] [chats] [ingestion] [--quick]
"""

import argparse
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "Benchmarks"), str(ROOT / "Benchmarks/peers")]
MODEL = ROOT / "models/all-MiniLM-L6-v2"
TEXTS = ROOT / "Tests/BERTTests/Fixtures/minilm-texts.json"
PRODUCTS = ROOT / ".build/release"


def embedding(quick):
    """Chunks per CPU second on one thread, the engines taking turns so that a noisy machine is noisy for all."""
    import embedding as peers
    from tokenizers import Tokenizer

    chunks = json.loads(TEXTS.read_text())["chunks"][:20 if quick else 48]
    tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(512)
    ids = [encoding.ids for encoding in tokenizer.encode_batch(chunks)]
    rates = {}
    with tempfile.TemporaryDirectory() as directory:
        sessions = {name: peers.session(path)[0] for name, path in peers.make_models(str(MODEL), directory).items()}
        for round in range(2 if quick else 5):
            for name, session in sessions.items():
                start = time.process_time()
                for sequence in ids:
                    peers.embed(session, sequence)
                rates.setdefault(f"onnxruntime {name}", []).append(len(ids) / (time.process_time() - start))
            for name, arguments in {
                "lectern": [], "lectern exact": ["--precision", "exact"], "lectern avx2": ["--cpu", "avx2"],
            }.items():
                output = subprocess.run(
                    [PRODUCTS / "EmbeddingBenchmark", MODEL, TEXTS, "--rounds", "1", "--chunks", str(len(ids)), *arguments],
                    capture_output=True, text=True, check=True).stdout
                rates.setdefault(name, []).append(json.loads(output)["chunks_per_cpu_second"][0])
    return {name: statistics.median(values) for name, values in rates.items()}


def vectors(quick):
    sizes = ["1000", "10000"] if quick else ["1000", "10000", "100000", "1000000"]
    peers = [sys.executable, ROOT / "Benchmarks/peers/vectors.py"]
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([*peers, "data", directory, *sizes], check=True)
        ours = [subprocess.run(
            [PRODUCTS / "VectorBenchmark", directory, "--threads", "1", "--data", kind, size],
            capture_output=True, text=True, check=True).stdout for size in sizes for kind in ("clustered", "gaussian")]
        theirs = subprocess.run(
            [*peers, "run", directory, *sizes, "--kinds", "clustered", "--peers", "lancedb,faiss-flat,faiss-hnsw,usearch-exact"],
            capture_output=True, text=True, check=True).stdout
    return [json.loads(line) for line in ("".join(ours) + theirs).splitlines() if line.startswith("{")]


def server(quick):
    import server_benchmark

    return server_benchmark.measure(quick)


def chats(quick):
    import server_benchmark

    return server_benchmark.measure_chats(quick)


def ingestion(quick):
    import ingestion_benchmark

    return ingestion_benchmark.measure(quick)


def show(name, result):
    print(f"\n== {name}")
    if name == "embedding":
        base = result["onnxruntime fp32"]
        int8 = max(value for engine, value in result.items() if "int8" in engine)
        for engine, rate in result.items():
            print(f"{engine:32} {rate:8.1f} chunks per CPU s   {rate / base:5.2f} x fp32   {rate / int8:5.2f} x int8")
    elif name == "vectors":
        for row in result:
            top4, top20 = row["top4"], row["top20"]
            print(f"{row['engine']:16} {row['data']:10} {row['n']:8}  cpu {top4['cpu_ms_median']:9.3f} ms  "
                  f"recall@4 {top4['recall']:.4f}  @20 {top20['recall']:.4f}")
    else:
        print(json.dumps(result, indent=2))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sections", nargs="*")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    sections = {"embedding": embedding, "vectors": vectors, "server": server, "chats": chats, "ingestion": ingestion}
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "")
    results = {"machine": {"cpu": cpu, "cores": os.cpu_count(), "system": platform.platform()},
               "command": "script/bench " + " ".join(sys.argv[1:])}
    print(f"{cpu}, {os.cpu_count()} cores, {platform.platform()}")
    for name in arguments.sections or sections:
        results[name] = sections[name](arguments.quick)
        show(name, results[name])
    output = ROOT / "Benchmarks/results"
    output.mkdir(exist_ok=True)
    (output / "latest.json").write_text(json.dumps(results, indent=2) + "\n")


main()
