// Reads the OpenAPI 3.1 document of this server: its operations, schemas, examples, and requests as curl writes them.
// Goes in front of documentation.js; both are served as one script.

"use strict";

const METHODS = ["get", "post", "put", "patch", "delete"];
const MAXIMUM_SCHEMA_DEPTH = 6;

/** The document, once it is loaded. */
let api = {};

/** JSON on several lines; a text as it is. */
const pretty = (value) => typeof value === "string" ? value : JSON.stringify(value, null, 2);

/** The object a local reference points to; anything else as it is. `null` where it points nowhere. */
function resolve(value) {
  for (let hops = 0; value && value.$ref && hops < 10; hops++) {
    value = value.$ref.replace(/^#\//, "").split("/").reduce(
      (node, key) => node?.[key.replace(/~1/g, "/").replace(/~0/g, "~")], api) ?? null;
  }
  return value;
}

/** A schema with its `allOf` parts put together. */
function flatten(schema, depth = 0) {
  schema = resolve(schema);
  if (typeof schema !== "object" || schema === null) return {};
  if (!schema.allOf || depth > MAXIMUM_SCHEMA_DEPTH) return schema;
  const merged = { ...schema, properties: { ...schema.properties }, required: [...(schema.required ?? [])] };
  delete merged.allOf;
  for (const part of schema.allOf.map((part) => flatten(part, depth + 1))) {
    merged.type ??= part.type;
    merged.description ??= part.description;
    Object.assign(merged.properties, part.properties);
    merged.required.push(...(part.required ?? []));
  }
  return merged;
}

const variants = (schema) => schema.oneOf ?? schema.anyOf ?? [];

function typeName(schema, depth = 0) {
  schema = flatten(schema);
  if (depth > MAXIMUM_SCHEMA_DEPTH) return "any";
  if (variants(schema).length) return variants(schema).map((variant) => typeName(variant, depth + 1)).join(" or ");
  if ("const" in schema) return JSON.stringify(schema.const);
  const types = [schema.type ?? (schema.properties ? "object" : "any")].flat();
  const names = types.map((type) =>
    type === "array" ? `array of ${typeName(schema.items ?? {}, depth + 1)}` : type);
  return names.join(" or ") + (schema.format ? ` (${schema.format})` : "");
}

/** A value that fits the schema: its own example where it has one. `seen` ends schemas that hold themselves. */
function exampleOf(schema, seen = []) {
  schema = flatten(schema);
  if ("example" in schema) return schema.example;
  if (schema.examples?.length) return schema.examples[0];
  if ("const" in schema) return schema.const;
  if ("default" in schema) return schema.default;
  if (schema.enum) return schema.enum[0];
  const identity = schema.properties ?? schema;
  if (seen.includes(identity) || seen.length > MAXIMUM_SCHEMA_DEPTH) return null;
  const inside = [...seen, identity];
  if (variants(schema).length) return exampleOf(variants(schema)[0], inside);
  switch ([schema.type ?? (schema.properties ? "object" : "null")].flat()[0]) {
    case "object":
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([key, value]) => [key, exampleOf(value, inside)]));
    case "array": return [exampleOf(schema.items ?? {}, inside)];
    case "string": return schema.format === "date-time" ? "2024-01-16T15:07:00.000Z" : "string";
    case "integer": case "number": return schema.minimum ?? 0;
    case "boolean": return true;
    default: return null;
  }
}

function contentExample(content) {
  if ("example" in content) return content.example;
  const named = resolve(Object.values(content.examples ?? {})[0]);
  return named && "value" in named ? named.value : exampleOf(content.schema ?? {});
}

/** All operations in the order of the document. */
function readOperations() {
  const operations = [];
  for (const [path, item] of Object.entries(api.paths ?? {})) {
    for (const method of METHODS.filter((method) => item[method])) {
      const operation = item[method];
      const parameters = new Map();
      for (const parameter of [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve)) {
        if (parameter) parameters.set(`${parameter.in} ${parameter.name}`, parameter);
      }
      operations.push({
        ...operation, path, method, parameters: [...parameters.values()], tag: operation.tags?.[0] ?? "Other",
        id: `${method}${path.replace(/[^A-Za-z0-9]+/g, "-")}`, body: resolve(operation.requestBody),
        server: (operation.servers ?? item.servers ?? api.servers)?.[0]?.url,
        needsKey: (operation.security ?? api.security ?? []).length > 0,
      });
    }
  }
  return operations;
}

/** Where the operation's server is, without a slash at its end. Other origins are not called: the page's policy forbids it. */
function serverAddress(operation) {
  const address = new URL(operation.server ?? "/api", location.href);
  return (address.origin === location.origin ? address.href : location.origin + address.pathname).replace(/\/$/, "");
}

// MARK: - Requests

const jsonContent = (operation) => operation.body?.content?.["application/json"];
const shellQuoted = (text) => `'${String(text).replaceAll("'", "'\\''")}'`;

/** The address with the values put in; `values` maps "in name" to text. Optional values that are empty are left out. */
function address(operation, values) {
  const path = operation.path.replace(/\{([^}]+)\}/g, (hole, name) => {
    const value = values.get(`path ${name}`);
    return value ? encodeURIComponent(value) : hole;
  });
  const query = new URLSearchParams();
  for (const [key, value] of values) if (key.startsWith("query ") && value !== "") query.append(key.slice(6), value);
  return serverAddress(operation) + path + (query.size ? `?${query}` : "");
}

function curl(operation, values, body, key) {
  const lines = [`curl ${operation.method === "get" ? "" : `-X ${operation.method.toUpperCase()} `}${shellQuoted(address(operation, values))}`];
  if (operation.needsKey) lines.push(`-H ${shellQuoted(`Authorization: Bearer ${key || "YOUR_API_KEY"}`)}`);
  const form = operation.body?.content?.["multipart/form-data"];
  if (jsonContent(operation)) {
    lines.push(`-H ${shellQuoted("Content-Type: application/json")}`, `-d ${shellQuoted(body)}`);
  } else if (form) {
    for (const [name, schema] of Object.entries(flatten(form.schema ?? {}).properties ?? {})) {
      const isFile = flatten(schema).format === "binary" || flatten(schema).contentMediaType;
      lines.push(`-F ${shellQuoted(`${name}=${isFile ? "@report.pdf" : pretty(exampleOf(schema)).replace(/\n\s*/g, " ")}`)}`);
    }
  }
  return lines.join(" \\\n  ");
}
