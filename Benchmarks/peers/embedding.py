#!/usr/bin/env python3
"""Embeds texts with onnxruntime, fp32 and int8, one thread, and prints figures as JSON.

    python3 embedding.py MODEL_FOLDER TEXTS.json [--rounds N] [--chunks N] [--save PREFIX]

TEXTS.json is {"chunks": [...], "queries": [...]}. The ONNX graphs are made here from model.safetensors with the operators
that an export by torch has, so that torch is not needed; int8 is onnxruntime's own dynamic quantization, per tensor (what is
published for browsers) and per channel. --save writes the fp32 embeddings, chunks then queries, as PREFIX.f32.

Needs: onnxruntime onnx numpy safetensors tokenizers.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import tempfile
import time

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.numpy import load_file
from tokenizers import Tokenizer

MAXIMUM_TOKENS = 512


class Graph:
    """Collects nodes and constants of an ONNX graph."""

    def __init__(self, weights, config):
        self.weights, self.config = weights, config
        self.nodes, self.constants, self.count = [], {}, 0

    def constant(self, name, array):
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def weight(self, name):
        return self.constant(name, self.weights[name].astype(np.float32))

    def node(self, operator, *inputs, **attributes):
        self.count += 1
        output = f"{operator}_{self.count}"
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=output, **attributes))
        return output

    def linear(self, x, name):
        weight = self.constant(name + ".transposed", self.weights[name + ".weight"].astype(np.float32).T)
        return self.node("Add", self.weight(name + ".bias"), self.node("MatMul", x, weight))

    def norm(self, x, name):
        return self.node("LayerNormalization", x, self.weight(name + ".weight"), self.weight(name + ".bias"),
                         axis=-1, epsilon=self.config["layer_norm_eps"])

    def gelu(self, x):
        root = self.constant("root_two", np.float32(2**0.5))
        erf = self.node("Erf", self.node("Div", x, root))
        product = self.node("Mul", x, self.node("Add", erf, self.constant("one", np.float32(1))))
        return self.node("Mul", product, self.constant("half", np.float32(0.5)))

    def heads(self, x, order):
        heads = self.config["num_attention_heads"]
        shape = self.constant("head_shape", np.array([0, 0, heads, self.config["hidden_size"] // heads], np.int64))
        return self.node("Transpose", self.node("Reshape", x, shape), perm=order)

    def layer(self, x, mask, name):
        query = self.heads(self.linear(x, name + ".attention.self.query"), [0, 2, 1, 3])
        key = self.heads(self.linear(x, name + ".attention.self.key"), [0, 2, 3, 1])
        value = self.heads(self.linear(x, name + ".attention.self.value"), [0, 2, 1, 3])
        width = self.config["hidden_size"] // self.config["num_attention_heads"]
        scores = self.node("Div", self.node("MatMul", query, key), self.constant("root_width", np.float32(width**0.5)))
        weights = self.node("Softmax", self.node("Add", scores, mask), axis=-1)
        context = self.node("Transpose", self.node("MatMul", weights, value), perm=[0, 2, 1, 3])
        shape = self.constant("row_shape", np.array([0, 0, self.config["hidden_size"]], np.int64))
        output = self.linear(self.node("Reshape", context, shape), name + ".attention.output.dense")
        x = self.norm(self.node("Add", output, x), name + ".attention.output.LayerNorm")
        inner = self.gelu(self.linear(x, name + ".intermediate.dense"))
        return self.norm(self.node("Add", self.linear(inner, name + ".output.dense"), x), name + ".output.LayerNorm")

    def whole(self):
        words = self.node("Gather", self.weight("embeddings.word_embeddings.weight"), "input_ids")
        types = self.node("Gather", self.weight("embeddings.token_type_embeddings.weight"), "token_type_ids")
        zero, one = self.constant("zero", np.array([0], np.int64)), self.constant("first", np.array([1], np.int64))
        length = self.node("Slice", self.node("Shape", "input_ids"), one, self.constant("second", np.array([2], np.int64)))
        places = self.node("Slice", self.weight("embeddings.position_embeddings.weight"), zero, length, zero)
        x = self.norm(self.node("Add", self.node("Add", words, types), places), "embeddings.LayerNorm")
        mask = self.node("Unsqueeze", self.node("Cast", "attention_mask", to=TensorProto.FLOAT),
                         self.constant("mask_axes", np.array([1, 2], np.int64)))
        mask = self.node("Mul", self.node("Sub", self.constant("one", np.float32(1)), mask),
                         self.constant("lowest", np.float32(-3.4e38)))
        for layer in range(self.config["num_hidden_layers"]):
            x = self.layer(x, mask, f"encoder.layer.{layer}")
        self.nodes.append(helper.make_node("Identity", [x], ["last_hidden_state"]))
        inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
                  for name in ("input_ids", "attention_mask", "token_type_ids")]
        output = helper.make_tensor_value_info(
            "last_hidden_state", TensorProto.FLOAT, ["batch", "length", self.config["hidden_size"]])
        graph = helper.make_graph(self.nodes, "bert", inputs, [output], list(self.constants.values()))
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def make_models(folder, target):
    """Paths of the graphs by name."""
    config = json.load(open(os.path.join(folder, "config.json")))
    weights = load_file(os.path.join(folder, "model.safetensors"))
    paths = {name: os.path.join(target, name + ".onnx") for name in ("fp32", "int8", "int8_per_channel")}
    onnx.save(Graph(weights, config).whole(), paths["fp32"])
    quantize_dynamic(paths["fp32"], paths["int8"], weight_type=QuantType.QInt8)
    quantize_dynamic(paths["fp32"], paths["int8_per_channel"], weight_type=QuantType.QInt8, per_channel=True)
    return paths


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    start = time.perf_counter()
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"]), time.perf_counter() - start


def embed(run, ids):
    ids = np.array([ids], np.int64)
    feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    vector = run.run(None, feeds)[0][0].mean(axis=0)
    return vector / np.linalg.norm(vector)


def cosines(vectors, reference):
    values = np.sum(vectors * reference, axis=1)
    return {"min": float(values.min()), "mean": float(values.mean())}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("texts")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--chunks", type=int, default=200)
    parser.add_argument("--save")
    arguments = parser.parse_args()

    texts = json.load(open(arguments.texts))
    tokenizer = Tokenizer.from_file(os.path.join(arguments.model, "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAXIMUM_TOKENS)
    chunks = texts["chunks"][:arguments.chunks]
    sequences = [encoding.ids for encoding in tokenizer.encode_batch(chunks + texts["queries"])]
    passages, queries = sequences[:len(chunks)], sequences[len(chunks):]

    with tempfile.TemporaryDirectory() as target:
        sessions = {name: session(path) for name, path in make_models(arguments.model, target).items()}
    results, reference = {}, None
    for name, (run, load) in sessions.items():
        vectors = np.array([embed(run, ids) for ids in sequences], np.float32)
        reference = vectors if reference is None else reference
        results[name] = {
            "load_ms": load * 1000, "chunks_per_cpu_second": [], "query_ms": None,
            "cosine_chunks": cosines(vectors[:len(chunks)], reference[:len(chunks)]),
            "cosine_queries": cosines(vectors[len(chunks):], reference[len(chunks):])}
    if arguments.save:
        reference.tofile(arguments.save + ".f32")
    for _ in range(arguments.rounds):  # interleaved, so that whatever else runs disturbs all alike
        for name, (run, _) in sessions.items():
            start = time.process_time()
            for ids in passages:
                embed(run, ids)
            results[name]["chunks_per_cpu_second"].append(len(chunks) / (time.process_time() - start))
    for name, (run, _) in sessions.items():
        times = []
        for text in texts["queries"]:
            start = time.perf_counter()
            embed(run, tokenizer.encode(text).ids)
            times.append((time.perf_counter() - start) * 1000)
        results[name]["query_ms"] = {"median": statistics.median(times), "min": min(times)}
        results[name]["median_chunks_per_cpu_second"] = statistics.median(results[name]["chunks_per_cpu_second"])
    print(json.dumps({
        "peer": "onnxruntime", "version": onnxruntime.__version__, "threads": 1, "machine": platform.processor(),
        "chunks": len(chunks), "tokens": sum(map(len, passages)),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, "results": results}, indent=1))


if __name__ == "__main__":
    main()
