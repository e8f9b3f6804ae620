// Shows what description.js reads. Everything that comes from the document or from an answer becomes text nodes; no markup
// is ever made of it.

const byID = (id) => document.getElementById(id);

/** An element with attributes, listeners (`onclick` and so on) and children; strings become text. */
function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

// MARK: - Pieces of the page

/** Paragraphs, and code between back quotes: as much Markdown as descriptions need. */
function prose(text) {
  const paragraphs = String(text ?? "").split(/\n\s*\n/).filter((paragraph) => paragraph.trim());
  return element("div", { class: "prose" }, paragraphs.map((paragraph) =>
    element("p", {}, paragraph.split(/(`[^`]+`)/).map((piece) =>
      piece.length > 2 && piece.startsWith("`") && piece.endsWith("`") ? element("code", {}, piece.slice(1, -1)) : piece))));
}

/** Text with a button that copies it, or what `copied` gives. */
function codeBlock(text, label, copied = () => text) {
  const pre = element("pre", { tabindex: "0", "aria-label": label }, text);
  const copy = element("button", { type: "button", "aria-label": `Copy ${label}` }, "Copy");
  copy.addEventListener("click", async () => {
    copy.textContent = await copyText(copied()) ? "Copied" : "Not allowed";
    setTimeout(() => { copy.textContent = "Copy"; }, 1500);
  });
  return element("div", { class: "code" }, pre, copy);
}

/** Also where the clipboard is closed to pages without TLS. */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = element("textarea", { readonly: true });
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function rules(schema) {
  const rules = [];
  if (schema.enum) rules.push(`one of ${schema.enum.map((value) => JSON.stringify(value)).join(", ")}`);
  if ("default" in schema) rules.push(`default ${JSON.stringify(schema.default)}`);
  for (const [key, words] of [["minimum", "at least"], ["maximum", "at most"], ["minLength", "at least"], ["maxLength", "at most"]]) {
    if (key in schema) rules.push(`${words} ${schema[key]}${key.endsWith("Length") ? " characters" : ""}`);
  }
  return rules.join("; ");
}

function field(name, schema, { required, description, place, depth = 0, seen = [] } = {}) {
  const flat = flatten(schema);
  const nested = depth < MAXIMUM_SCHEMA_DEPTH ? schemaFields(flat, depth + 1, seen) : null;
  return element("li", {},
    element("span", { class: "name" }, name), " ",
    element("span", { class: "type" }, [place, typeName(schema)].filter(Boolean).join(", ")), " ",
    required && element("span", { class: "required" }, "required "),
    element("span", { class: "rule" }, rules(flat)),
    prose(description ?? flat.description), nested);
}

/** The members of an object, of an array's elements, or of each alternative. `seen` ends schemas that hold themselves. */
function schemaFields(schema, depth = 0, seen = []) {
  const flat = flatten(schema);
  if (seen.includes(flat.properties ?? flat)) return null;
  const inside = [...seen, flat.properties ?? flat];
  if (flat.items) return schemaFields(flat.items, depth, inside);
  if (variants(flat).length) {
    const lists = variants(flat).map((variant) => schemaFields(variant, depth, inside)).filter(Boolean);
    return lists.length ? element("div", {}, lists) : null;
  }
  const members = Object.entries(flat.properties ?? {});
  if (!members.length) return null;
  return element("ul", { class: "fields" }, members.map(([name, value]) =>
    field(name, value, { required: flat.required?.includes(name), depth, seen: inside })));
}

function contentView(contents, label) {
  return Object.entries(contents ?? {}).flatMap(([mediaType, content]) => {
    const fields = content.schema && schemaFields(content.schema);
    const isText = !mediaType.startsWith("multipart/");
    const example = isText && (content.schema || content.example !== undefined || content.examples);
    return [
      element("h4", {}, mediaType), fields,
      example && codeBlock(pretty(contentExample(content)), `${label}, example`),
    ];
  });
}

function responses(operation) {
  return Object.entries(operation.responses ?? {}).map(([code, response]) => {
    response = resolve(response) ?? {};
    return element("div", { class: "response" },
      element("span", { class: `code-number ${code < "400" ? "good" : "bad"}` }, code),
      element("div", {}, prose(response.description), contentView(response.content, `Response ${code}`)));
  });
}

// MARK: - Requests

/** The part of an operation that can be filled in: curl for every operation, "Try it" for those that take JSON or no body. */
function requestForm(operation) {
  const values = new Map();
  const body = element("textarea", { "aria-label": "Request body, JSON", spellcheck: "false" });
  body.value = jsonContent(operation) ? pretty(contentExample(jsonContent(operation))) : "";
  const command = (key) => curl(operation, values, body.value, key);
  // The key is shown to nobody over the shoulder, but copied along.
  const block = codeBlock("", "curl command", () => command(byID("key").value.trim()));
  const refresh = () => { block.querySelector("pre").textContent = command(""); };
  const inputs = operation.parameters.filter((parameter) => parameter.in === "path" || parameter.in === "query")
    .flatMap((parameter) => parameterInput(operation, parameter, values, refresh));
  body.addEventListener("input", refresh);
  refresh();
  const curlView = [element("h3", {}, "curl"), block];
  if (operation.body && !jsonContent(operation)) return element("div", {}, curlView);
  const outcome = element("div", { class: "outcome", "aria-live": "polite" });
  const send = element("button", { type: "submit", class: "primary" }, "Send");
  return element("div", {}, curlView,
    element("form", { class: "try", onsubmit: (event) => { event.preventDefault(); execute(operation, values, body.value, send, outcome); } },
      element("h3", {}, "Try it"),
      inputs.length > 0 && element("div", { class: "inputs" }, inputs),
      jsonContent(operation) && body, element("p", {}, send), outcome));
}

function parameterInput(operation, parameter, values, refresh) {
  const key = `${parameter.in} ${parameter.name}`;
  const id = `${operation.id}-${parameter.in}-${parameter.name}`;
  const schema = flatten(parameter.schema ?? {});
  const input = schema.enum
    ? element("select", { id, required: parameter.required },
      element("option", { value: "" }, ""), schema.enum.map((value) => element("option", { value }, String(value))))
    : element("input", { id, required: parameter.required, placeholder: parameter.example ?? schema.example ?? schema.default });
  values.set(key, "");
  input.addEventListener("input", () => { values.set(key, input.value); refresh(); });
  return [element("label", { for: id }, parameter.name), input];
}

async function execute(operation, values, body, button, outcome) {
  const headers = {};
  const key = byID("key").value.trim();
  if (key) headers.Authorization = `Bearer ${key}`;
  if (jsonContent(operation)) headers["Content-Type"] = "application/json";
  button.disabled = true;
  outcome.replaceChildren("Waiting for the answer.");
  const start = performance.now();
  try {
    const response = await fetch(address(operation, values), {
      method: operation.method.toUpperCase(), headers, body: jsonContent(operation) ? body : undefined, credentials: "omit",
    });
    const text = await response.text();
    const milliseconds = Math.round(performance.now() - start);
    outcome.replaceChildren(
      element("p", { class: response.ok ? "good" : "bad" }, `${response.status} ${response.statusText}, ${milliseconds} ms`),
      codeBlock(readable(text) || "(no body)", "Answer"));
  } catch (error) {
    outcome.replaceChildren(element("p", { class: "bad" }, `No answer: ${error.message}`));
  } finally {
    button.disabled = false;
  }
}

function readable(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

// MARK: - The page

function operationView(operation) {
  const detail = element("div", { class: "detail" });
  const view = element("details", { class: `operation${operation.deprecated ? " deprecated" : ""}`, id: operation.id },
    element("summary", {},
      element("span", { class: `method ${operation.method}` }, operation.method),
      element("span", { class: "path" }, operation.path),
      element("span", { class: "summary" }, operation.summary ?? "", operation.deprecated ? " (deprecated)" : "")),
    detail);
  // Filled when it is opened first: dozens of forms would make the page slow to start.
  view.addEventListener("toggle", () => { if (view.open && !detail.hasChildNodes()) fill(detail, operation); });
  return view;
}

function fill(detail, operation) {
  if (operation.description) detail.append(prose(operation.description));
  if (!operation.needsKey) detail.append(element("p", { class: "rule" }, "Needs no API key."));
  if (operation.parameters.length) {
    detail.append(element("h3", {}, "Parameters"), element("ul", { class: "fields" }, operation.parameters.map((parameter) =>
      field(parameter.name, parameter.schema ?? {}, {
        required: parameter.required, description: parameter.description, place: parameter.in,
      }))));
  }
  if (operation.body) {
    detail.append(element("h3", {}, operation.body.required ? "Request body, required" : "Request body"));
    if (operation.body.description) detail.append(prose(operation.body.description));
    detail.append(...contentView(operation.body.content, "Request body").filter(Boolean));
  }
  detail.append(element("h3", {}, "Responses"), ...responses(operation), requestForm(operation));
}

/** Tags in the order of the document, then those that only operations name. */
function groupByTag(operations) {
  const groups = new Map((api.tags ?? []).map((tag) => [tag.name, { tag, operations: [] }]));
  for (const operation of operations) {
    if (!groups.has(operation.tag)) groups.set(operation.tag, { tag: { name: operation.tag }, operations: [] });
    groups.get(operation.tag).operations.push(operation);
  }
  return [...groups.values()].filter((group) => group.operations.length);
}

function show() {
  const entries = [];
  for (const { tag, operations } of groupByTag(readOperations())) {
    const links = element("ul");
    const section = element("section", { class: "tag" }, element("h2", {}, tag.name), tag.description && prose(tag.description));
    const group = element("div", {}, element("strong", {}, tag.name), links);
    for (const operation of operations) {
      const view = operationView(operation);
      const link = element("li", {}, element("a", { href: `#${operation.id}` }, operation.summary ?? operation.path));
      const words = [operation.method, operation.path, operation.summary, operation.description, tag.name, operation.operationId];
      entries.push({ view, link, section, group, words: words.join(" ").toLowerCase() });
      section.append(view);
      links.append(link);
    }
    byID("operations").append(section);
    byID("navigation").append(group);
  }
  byID("filter").addEventListener("input", () => filter(entries));
  filter(entries);
}

/** Shows the operations that hold every word of the search field. */
function filter(entries) {
  const wanted = byID("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = entries.filter((entry) => wanted.every((word) => entry.words.includes(word)));
  for (const entry of entries) {
    const isShown = shown.includes(entry);
    entry.view.hidden = entry.link.hidden = !isShown;
    entry.section.hidden = entry.group.hidden = true;
  }
  for (const entry of shown) entry.section.hidden = entry.group.hidden = false;
  byID("status").textContent = `${shown.length} of ${entries.length} operations`;
}

function openLinked() {
  const view = byID(decodeURIComponent(location.hash.slice(1)));
  if (view instanceof HTMLDetailsElement) {
    view.open = true;
    view.scrollIntoView();
    view.querySelector("summary").focus({ preventScroll: true });
  }
}

async function start() {
  try {
    const response = await fetch("/api/openapi.json", { credentials: "omit" });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    api = await response.json();
  } catch (error) {
    byID("status").textContent = `The API description could not be loaded: ${error.message}`;
    return;
  }
  const title = api.info?.title ? `${api.info.title} API` : "API documentation";
  document.title = title;
  byID("title").textContent = title;
  byID("version").textContent = api.info?.version ?? "";
  byID("introduction").replaceChildren(...prose(api.info?.description).childNodes);
  show();
  openLinked();
}

addEventListener("hashchange", openLinked);
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof Element && event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  byID("filter").focus();
});
start();
