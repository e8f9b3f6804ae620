// Lectern's chat widget. A page shows it with
//
//   <script data-embed-id="UUID" src="https://host/embed/lectern-chat-widget.js"></script>
//
// Further attributes: data-base-api-url (else /api/embed of the script's host); data-prompt, data-model, data-temperature and
// data-username go to the server with each message. Looks and words: data-lang (en, de; else the page's language),
// data-position (bottom-right, bottom-left, top-right, top-left), data-open-on-load ("on"), data-assistant-name, data-greeting,
// data-default-messages (suggestions, between commas), data-send-message-text, data-reset-chat-text, data-support-email,
// data-button-color, data-window-width, data-window-height.
//
// Nothing is asked of the server, and nothing is stored, before the visitor opens the chat.

(() => {
  "use strict";

  const WORDS = {
    en: {
      name: "Assistant", launcher: "Chat:", greeting: "Hello! How can I help you?", placeholder: "Write a message", send: "Send",
      stop: "Stop the answer", reset: "Start a new chat", close: "Close the chat", conversation: "Conversation", you: "You",
      writing: "The answer is being written.", stopped: "Stopped.", hasReset: "A new chat has begun.",
      thinking: "Thinking …", thoughts: "Reasoning", sources: "Sources", untitled: "Untitled", table: "Table", code: "Code",
      copy: "Copy", copied: "Copied", notCopied: "Not allowed", retry: "Try again",
      unreachable: "The server cannot be reached. Please check your connection.",
      interrupted: "The connection was lost before the answer was complete.",
      failed: "Something went wrong. Please try again later.",
      note: "Answers are written by AI and can be wrong.", support: "Contact us",
    },
    de: {
      name: "Assistent", launcher: "Chat:", greeting: "Guten Tag! Wie kann ich helfen?", placeholder: "Nachricht schreiben", send: "Senden",
      stop: "Antwort anhalten", reset: "Neuen Chat beginnen", close: "Chat schließen", conversation: "Unterhaltung", you: "Sie",
      writing: "Die Antwort wird geschrieben.", stopped: "Angehalten.", hasReset: "Ein neuer Chat hat begonnen.",
      thinking: "Denkt nach …", thoughts: "Gedankengang", sources: "Quellen", untitled: "Ohne Titel", table: "Tabelle", code: "Code",
      copy: "Kopieren", copied: "Kopiert", notCopied: "Nicht erlaubt", retry: "Erneut versuchen",
      unreachable: "Der Server ist nicht erreichbar. Bitte prüfen Sie Ihre Verbindung.",
      interrupted: "Die Verbindung brach ab, bevor die Antwort vollständig war.",
      failed: "Das hat nicht geklappt. Bitte versuchen Sie es später erneut.",
      note: "Die Antworten schreibt eine KI; sie können falsch sein.", support: "Kontakt",
    },
  };

  /** Below this the panel fills the screen: phones, and desktops at high zoom. */
  const SMALL_SCREEN = "(max-width: 30em), (max-height: 30em)";

  // `!important` on the host wins over the page's rules; sizes are in em of a root that grows with the reader's text size but stays
  // legible on pages that shrink rem.
  const STYLE = `
:host { all: initial !important; position: fixed !important; z-index: 2147483000 !important; display: block !important; }
:host(.open) { z-index: 2147483001 !important; }
.chat {
  --page: #fff; --sunken: #f5f3ef; --line: #e0dcd4; --edge: #8d877c; --text: #22201c; --muted: #67625a; --link: #1f5f8b;
  --accent: #1f5f8b; --ink: #fff; --bad: #9c2b23; --bad-page: #fcefed; --shadow: 0 .75em 3em #0003, 0 .1em .4em #0002;
  --width: 25em; --height: 42em; --view-top: 0px; --view-height: 100dvh; --keyboard: 0px; --shift: 0em;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font: max(1rem, 14px)/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
  color: var(--text); color-scheme: light dark; overflow-wrap: anywhere; -webkit-text-size-adjust: 100%;
}
@media (prefers-color-scheme: dark) {
  .chat {
    --page: #1e2024; --sunken: #2a2d33; --line: #3a3d44; --edge: #757a83; --text: #e7e5e1; --muted: #a9a59e; --link: #7db9e3;
    --accent: #7db9e3; --ink: #10222e; --bad: #f4a39a; --bad-page: #3a2221; --shadow: 0 .75em 3em #000a, 0 .1em .4em #0008;
  }
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
button {
  font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: .75em; margin: 0; padding: 0;
  min-width: max(2.75em, 44px); min-height: max(2.75em, 44px); display: inline-flex; align-items: center; justify-content: center;
  cursor: pointer; touch-action: manipulation;
}
.icon { width: 1.4em; height: 1.4em; flex: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.launcher, .panel { position: fixed; top: var(--top); right: var(--right); bottom: var(--bottom); left: var(--left); }
.launcher { width: 3.5em; height: 3.5em; border-radius: 50%; background: var(--accent); color: var(--ink); box-shadow: 0 .25em 1em #0004; }
.launcher .icon { width: 1.6em; height: 1.6em; }
.launcher:focus-visible { box-shadow: 0 0 0 3px var(--page), 0 0 0 6px var(--link); outline: 3px solid transparent; }
[data-position^=bottom] { --top: auto; --bottom: calc(1.25em + var(--shift) + env(safe-area-inset-bottom)); }
[data-position^=top] { --bottom: auto; --top: calc(1.25em + var(--shift) + env(safe-area-inset-top)); }
[data-position$=right] { --left: auto; --right: calc(1.25em + env(safe-area-inset-right)); }
[data-position$=left] { --right: auto; --left: calc(1.25em + env(safe-area-inset-left)); }
.panel {
  margin: 4.5em 0 calc(4.5em + var(--keyboard)); width: min(var(--width), 100% - 2.5em);
  height: min(var(--height), var(--view-height) - 7em - var(--shift)); display: flex; flex-direction: column; overflow: hidden;
  background: var(--page); border: 1px solid var(--line); border-radius: 1em; box-shadow: var(--shadow);
}
.head, .compose, .foot { display: flex; align-items: center; touch-action: pinch-zoom; }
.head { gap: .25em; padding: .5em .5em .5em 1em; border-bottom: 1px solid var(--line); }
.head h2 { flex: 1; min-width: 0; margin: 0; font-size: 1.0625em; font-weight: 650; line-height: 1.3; }
.head .mark {
  width: 2.25em; height: 2.25em; margin-inline-end: .5em; border-radius: 50%; display: grid; place-items: center; flex: none;
  background: var(--accent); color: var(--ink);
}
.mark .icon { width: 1.2em; height: 1.2em; }
.head button { color: var(--muted); }

.log { flex: 1; min-height: 0; overflow: hidden auto; overscroll-behavior: contain; padding: 1em; scrollbar-width: thin; }
.log:focus-visible { outline-offset: -3px; }
.message, .failure { margin: 0 0 .75em; padding: .6em .9em; border: 1px solid transparent; border-radius: 1.1em; }
.message { width: fit-content; max-width: 100%; }
.assistant { background: var(--sunken); border-end-start-radius: .3em; }
.user { background: var(--accent); color: var(--ink); border-end-end-radius: .3em; margin-inline-start: auto; max-width: 85%; }
.user .text { white-space: pre-wrap; }
.stopped { margin: -.25em 0 .75em; color: var(--muted); font-size: .875em; }
.failure {
  display: flex; align-items: flex-start; gap: .6em;
  background: var(--bad-page); color: var(--bad); border-color: currentColor;
}
.failure p { margin: 0; }
.failure button { margin-top: .5em; border-color: currentColor; padding: 0 1em; font-weight: 600; }
.suggestions { display: flex; flex-wrap: wrap; gap: .5em; margin-bottom: .75em; }
.suggestions button { border: 1px solid var(--edge); border-radius: 1.4em; padding: .4em 1em; color: var(--link); text-align: start; }
.dots { display: flex; gap: .3em; padding: .45em 0; }
.dots i { width: .5em; height: .5em; border: .25em solid var(--muted); border-radius: 50%; }

.compose { align-items: flex-end; margin: .25em .75em 0; border: 1px solid var(--edge); border-radius: 1.6em; padding: 3px; }
.compose:focus-within { outline: 2px solid var(--link); outline-offset: -1px; border-color: var(--link); }
/* Below 16 pixels, iOS zooms into whatever is typed in. */
textarea {
  flex: 1; min-width: 0; min-height: 44px; max-height: 9em; margin: 0; padding: .65em .5em .65em 1em; border: 0; resize: none;
  font: inherit; font-size: max(1em, 16px); line-height: 1.4; color: inherit; background: none; scrollbar-width: thin;
}
textarea:focus-visible { outline: 0; }
textarea::placeholder { color: var(--muted); opacity: 1; }
.send, .stop { border-radius: 50%; background: var(--accent); color: var(--ink); flex: none; }
.foot {
  flex-wrap: wrap; justify-content: center; gap: 0 .75em; margin: 0; padding: .5em 1em calc(.6em + env(safe-area-inset-bottom));
  color: var(--muted); font-size: .8125em; text-align: center;
}
.foot a { display: inline-flex; align-items: center; min-height: 44px; }
a { color: var(--link); text-underline-offset: .15em; }

.text > :first-child, li > :first-child, blockquote > :first-child { margin-top: 0; }
.text > :last-child, li > :last-child, blockquote > :last-child { margin-bottom: 0; }
p, ul, ol, blockquote, .scroll { margin: 0 0 .6em; }
p, li, h3, h4, h5, h6, th, td { unicode-bidi: plaintext; }
/* Models end lines where they mean it, in addresses and verses. */
.text p { white-space: pre-line; }
h3, h4, h5, h6 { margin: 1em 0 .35em; font-size: 1em; line-height: 1.35; }
h3 { font-size: 1.125em; }
ul, ol { padding-inline-start: 1.4em; }
li { margin: 0 0 .2em; }
li > p, li > ul, li > ol { margin: 0 0 .2em; }
blockquote { padding-inline-start: .8em; border-inline-start: 3px solid var(--edge); color: var(--muted); }
hr { border: 0; border-top: 1px solid var(--edge); margin: .9em 0; }
code { font: .875em var(--mono); background: var(--page); border-radius: .3em; padding: .1em .3em; }
.code { margin: 0 0 .6em; border: 1px solid var(--line); border-radius: .6em; background: var(--page); overflow: hidden; }
.bar {
  display: flex; align-items: center; justify-content: space-between; padding-inline-start: 1.1em; border-bottom: 1px solid var(--line);
  color: var(--muted); font-size: .8125em;
}
.copy { padding: 0 1.1em; }
.code button:focus-visible, pre:focus-visible, .scroll:focus-visible, summary:focus-visible { outline-offset: -3px; }
pre { margin: 0; padding: .75em .9em; overflow-x: auto; overflow-wrap: normal; white-space: pre; line-height: 1.5; }
pre code { background: none; padding: 0; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: .6em; background: var(--page); }
table { border-collapse: collapse; min-width: 100%; font-size: .9375em; overflow-wrap: normal; }
th, td { padding: .4em .7em; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; min-width: 5em; }
tr:last-child td { border-bottom: 0; }
.center { text-align: center; }
.end { text-align: end; }
summary {
  display: flex; align-items: center; gap: .35em; min-height: 44px; cursor: pointer; list-style: none;
  color: var(--muted); font-size: .875em; font-weight: 600;
}
summary::-webkit-details-marker { display: none; }
summary .icon { width: 1.1em; height: 1.1em; }
:not([open]) > summary .icon { transform: rotate(-90deg); }
details { font-size: .9375em; }
.thoughts > div { margin-bottom: .75em; padding-inline-start: .8em; border-inline-start: 3px solid var(--line); color: var(--muted); }
.sources { border-top: 1px solid var(--line); margin-top: .5em; }
.sources ol { margin: 0 0 .4em; }
.sources p { color: var(--muted); font-size: .9375em; }

@media (hover: hover) {
  .head button:hover, .copy:hover, summary:hover { color: var(--text); }
  .head button:hover, .suggestions button:hover { background: var(--sunken); }
  .launcher:hover, .send:hover, .stop:hover { outline: .25em solid color-mix(in srgb, var(--accent) 35%, transparent); outline-offset: 0; }
}
@media (prefers-reduced-motion: no-preference) {
  .panel { animation: rise .16s ease-out; }
  .dots i { animation: beat 1.2s infinite; }
  .dots i:nth-child(2) { animation-delay: .2s; }
  .dots i:nth-child(3) { animation-delay: .4s; }
}
@keyframes rise { from { opacity: 0; transform: translateY(.5em); } }
@keyframes beat { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }
@media (forced-colors: active) {
  .panel, .message, .launcher, .send, .stop, .head .mark { border: 1px solid; }
  .launcher:focus-visible { outline-color: Highlight; }
}
@media ${SMALL_SCREEN} {
  .panel {
    inset: var(--view-top) 0 auto; width: 100%; height: var(--view-height); margin: 0; border: 0; border-radius: 0; animation: none;
    padding: env(safe-area-inset-top) env(safe-area-inset-right) 0 env(safe-area-inset-left);
  }
  .open .launcher { display: none; }
}
@media print { :host { display: none !important; } }
`;

  // MARK: - Elements

  const ICONS = {
    chat: "M12 4c5 0 9 3.3 9 7.5S17 19 12 19c-1.2 0-2.4-.2-3.5-.6L4 20l1.2-3.7C3.8 15 3 13.3 3 11.5 3 7.3 7 4 12 4z",
    close: "M6 6l12 12M18 6L6 18", down: "M6 9l6 6 6-6", send: "M12 19V5M6 11l6-6 6 6", stop: "M8 8h8v8H8z",
    reset: "M4 5v5h5M4.6 10a8 8 0 1 1-.3 4", alert: "M12 8v5M12 16.4v.1M12 21a9 9 0 1 1 0-18 9 9 0 0 1 0 18z",
  };

  /** An element with attributes, listeners (`onclick` and so on) and children; strings become text. */
  function element(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (value === true) node.setAttribute(key, "");
      else if (value !== false && value != null) node.setAttribute(key, value);
    }
    // One by one: an answer may have more children than a call may have arguments.
    for (const child of children.flat()) if (child != null && child !== false) node.append(child);
    return node;
  }

  function icon(name) {
    const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
    const attributes = {
      class: "icon", viewBox: "0 0 24 24", fill: name === "stop" ? "currentColor" : "none", stroke: "currentColor",
      "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
    };
    for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  const iconButton = (name, className, label, onclick) =>
    element("button", { type: "button", class: className, "aria-label": label, title: label, onclick }, icon(name));

  /** The address as the browser writes it; `null` unless it is absolute and of a kind that runs nothing. */
  function safeAddress(text) {
    try {
      const address = new URL(text);
      return ["http:", "https:", "mailto:"].includes(address.protocol) ? address.href : null;
    } catch {
      return null;
    }
  }

  const link = (href, ...children) => element("a", { href, target: "_blank", rel: "noopener noreferrer nofollow" }, ...children);

  /** Also where the clipboard is closed to pages without TLS. */
  async function copyText(text, button) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = element("textarea", { class: "unseen" });
      area.value = text;
      button.after(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      button.focus();
      return done;
    }
  }

  // MARK: - Markdown
  //
  // Nodes are made, never markup, so nothing in an answer can run. No step looks at a stretch of text more than a fixed number of
  // times: what nests has a greatest depth, and the expressions have no two ways through the same characters.

  const MAXIMUM_DEPTH = 16;
  const FENCE = /^ *(`{3,}|~{3,}(?!~))([^`]*)$/;
  const HEADING = /^ {0,3}(#{1,6})(?=[ \t]|$)/;
  const RULE = /^(?:-{3,}|\*{3,}|_{3,})$/;
  const QUOTE = /^ {0,3}> ?/;
  const MARKER = /^( *)([-*+]|\d{1,9}[.)])( +(?=\S)| *$)/;
  const TABLE_RULE = /^[ |:-]+$/;

  const isRule = (line) => RULE.test(line.replace(/[ \t]/g, ""));
  const isOrdered = (marker) => marker[2].length > 1;

  /** The cells of a table's row. A pipe after a backslash is text. */
  function cells(line) {
    const text = line.trim();
    const cells = [""];
    for (let at = text.startsWith("|") ? 1 : 0; at < text.length; at++) {
      if (text[at] === "|") cells.push("");
      else if (text[at] === "\\" && text[at + 1] === "|") cells[cells.length - 1] += text[++at];
      else cells[cells.length - 1] += text[at];
    }
    if (cells.length > 1 && !cells[cells.length - 1]) cells.pop();
    return cells.map((cell) => cell.trim());
  }

  function isTable(lines, at) {
    const [row, rule] = [lines[at], lines[at + 1]];
    return rule !== undefined && row.includes("|") && rule.includes("-") && rule.includes("|") && TABLE_RULE.test(rule)
      && cells(row).length === cells(rule).length;
  }

  function interruptsParagraph(lines, at) {
    const line = lines[at];
    const marker = MARKER.exec(line);
    return FENCE.test(line) || HEADING.test(line) || QUOTE.test(line) || isRule(line) || isTable(lines, at)
      || (marker && marker[0].length < line.length && (!isOrdered(marker) || parseInt(marker[2], 10) === 1));
  }

  /** Shows Markdown that grows at its end. */
  class Markdown {
    constructor(container, words) {
      this.container = container;
      this.words = words;
      this.start = 0;
      this.settled = 0;
    }

    /** Draws `text`, which begins with the text of the last call. Blocks that another one follows are left alone. */
    update(text) {
      while (this.container.childNodes.length > this.settled) this.container.lastChild.remove();
      const source = text.slice(this.start).split("\n");
      const blocks = this.blocks(source.map((line) =>
        line.replace(/\r$/, "").replace(/^[ \t]+/, (indent) => indent.replace(/\t/g, "    "))));
      for (const { node } of blocks) {
        // Each block has a direction of its own. Browsers look for that of a container anew with each child that it gets.
        if (node.localName !== "hr") node.dir = "auto";
        this.container.append(node);
      }
      if (blocks.length < 2) return;
      this.settled += blocks.length - 1;
      const last = blocks[blocks.length - 1].line;
      this.start += source.slice(0, last).reduce((length, line) => length + line.length + 1, 0);
    }

    /** The blocks of the lines, each with the line at which it begins. */
    blocks(lines, depth = 0) {
      const blocks = [];
      for (let line = 0; line < lines.length;) {
        if (!lines[line].trim()) {
          line++;
          continue;
        }
        const [node, next] = this.block(lines, line, depth);
        blocks.push({ node, line });
        line = next;
      }
      return blocks;
    }

    /** The block that begins at a line, and the line after it. */
    block(lines, at, depth) {
      const line = lines[at];
      const fence = FENCE.exec(line);
      if (fence) return this.code(lines, at, fence);
      const heading = HEADING.exec(line);
      if (heading) return [this.heading(line.slice(heading[0].length).trim(), heading[1].length), at + 1];
      if (isRule(line)) return [element("hr"), at + 1];
      if (depth < MAXIMUM_DEPTH && QUOTE.test(line)) return this.quote(lines, at, depth);
      if (depth < MAXIMUM_DEPTH && MARKER.test(line)) return this.list(lines, at, depth);
      if (isTable(lines, at)) return this.table(lines, at);
      let next = at + 1;
      while (next < lines.length && lines[next].trim() && !interruptsParagraph(lines, next)) next++;
      return [element("p", {}, inline(lines.slice(at, next).join("\n").trim())), next];
    }

    code(lines, at, [, mark, info]) {
      const indent = lines[at].indexOf(mark);
      const code = [];
      let next = at + 1;
      for (; next < lines.length; next++) {
        const bare = lines[next].trim();
        if (bare.length >= mark.length && bare === mark[0].repeat(bare.length)) break;
        code.push(lines[next].slice(Math.min(indent, lines[next].search(/\S|$/))));
      }
      const text = code.join("\n");
      const language = info.trim().split(" ")[0] || this.words.code;
      const copy = element("button", { type: "button", class: "copy" }, this.words.copy);
      copy.addEventListener("click", async () => {
        copy.textContent = await copyText(text, copy) ? this.words.copied : this.words.notCopied;
        setTimeout(() => { copy.textContent = this.words.copy; }, 1500);
      });
      const pre = element("pre", { tabindex: "0", dir: "ltr", role: "group", "aria-label": language }, element("code", {}, text));
      const bar = element("div", { class: "bar" }, element("span", {}, language), copy);
      return [element("div", { class: "code" }, bar, pre), next + 1];
    }

    /** Headings of answers rank below the panel's own, which is of level 2. */
    heading(text, level) {
      let end = text.length;
      while (text[end - 1] === "#") end--;
      const isClosed = end === 0 || text[end - 1] === " ";
      return element(`h${Math.min(level + 2, 6)}`, {}, inline(isClosed ? text.slice(0, end).trim() : text));
    }

    quote(lines, at, depth) {
      const inside = [];
      let next = at;
      for (; next < lines.length; next++) {
        if (!QUOTE.test(lines[next]) && (!lines[next].trim() || interruptsParagraph(lines, next))) break;
        inside.push(lines[next].replace(QUOTE, ""));
      }
      return [element("blockquote", {}, this.blocks(inside, depth + 1).map((block) => block.node)), next];
    }

    list(lines, at, depth) {
      const first = MARKER.exec(lines[at]);
      const list = element(isOrdered(first) ? "ol" : "ul", { start: isOrdered(first) ? parseInt(first[2], 10) : null });
      let next = at;
      while (next < lines.length) {
        const marker = MARKER.exec(lines[next]);
        if (!marker || isRule(lines[next]) || isOrdered(marker) !== isOrdered(first)) break;
        const [item, end] = this.itemLines(lines, next, marker);
        item[0] = item[0].replace(/^\[ \] /, "☐ ").replace(/^\[[xX]\] /, "☑ ");
        list.append(element("li", {}, this.blocks(item, depth + 1).map((block) => block.node)));
        next = end;
      }
      return [list, next];
    }

    /** The lines of a list's item without their indentation. Two columns are enough: models indent less than the standard asks. */
    itemLines(lines, at, [opening, indent]) {
      const item = [lines[at].slice(opening.length)];
      let next = at + 1;
      for (; next < lines.length; next++) {
        const line = lines[next];
        const column = line.search(/\S|$/);
        if (column < line.length && column < indent.length + 2) {
          if (!lines[next - 1].trim() || MARKER.test(line) || interruptsParagraph(lines, next)) break;
        }
        item.push(line.slice(Math.min(column, opening.length)));
      }
      return [item, next];
    }

    table(lines, at) {
      const sides = cells(lines[at + 1]).map((rule) => rule.endsWith(":") ? (rule.startsWith(":") ? "center" : "end") : null);
      const row = (line, tag) => element("tr", {}, cells(line).slice(0, sides.length).map((cell, column) =>
        element(tag, { class: sides[column], scope: tag === "th" ? "col" : null }, inline(cell))));
      const body = element("tbody");
      let next = at + 2;
      for (; next < lines.length && lines[next].includes("|"); next++) body.append(row(lines[next], "td"));
      const table = element("table", {}, element("thead", {}, row(lines[at], "th")), body);
      return [element("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": this.words.table }, table), next];
    }
  }

  const SPECIAL = /[\\`*_~[\]!<\n]|https?:\/\//g;
  const DESTINATION = /\(\s*(?:<([^<>\n]*)>|((?:[^\s()\\]|\\.|\([^\s()]*\))*))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/y;
  const ANGLED = /<((?:https?:\/\/|mailto:)[^\s<>]*)>|<br *\/?>/iy;
  const BARE_ADDRESS = /https?:\/\/[^\s<>"`[\]|*\\]+/y;
  const PUNCTUATION = /[\p{P}\p{S}]/u;

  function matchAt(expression, text, at) {
    expression.lastIndex = at;
    return expression.exec(text);
  }

  /** The address between the parentheses that begin at `at`, and their length; `null` when there is none that is safe. */
  function destination(text, at) {
    const match = matchAt(DESTINATION, text, at);
    const address = match && safeAddress((match[1] ?? match[2]).replace(/\\([!-/:-@[-`{-~])/g, "$1"));
    return address && { address, length: match[0].length };
  }

  /** An address without the punctuation of the sentence around it. */
  function trimmedAddress(text) {
    let end = text.length;
    let surplus = text.split(")").length - text.split("(").length;
    for (; end > 0; end--) {
      if (text[end - 1] === ")" && surplus > 0) surplus--;
      else if (!"?!.,:;_~'".includes(text[end - 1])) break;
    }
    return text.slice(0, end);
  }

  /** The nodes of a block's text. */
  function inline(text) {
    // Strings, nodes, and runs of marks that may become emphasis.
    const tokens = [];
    const brackets = [];
    const lastQuotes = new Map();
    for (const run of text.matchAll(/`+/g)) lastQuotes.set(run[0].length, run.index);
    for (let at = 0; at < text.length;) {
      const match = matchAt(SPECIAL, text, at);
      const found = match ? match.index : text.length;
      if (found > at) tokens.push(text.slice(at, found));
      if (!match) break;
      at = found + special(text, found, match[0], tokens, brackets, lastQuotes);
    }
    return emphasised(tokens);
  }

  /** Adds the token that begins at `at` with a character of meaning; gives its length. */
  function special(text, at, mark, tokens, brackets, lastQuotes) {
    const next = text[at + 1];
    const plain = (length = mark.length) => tokens.push(text.slice(at, at + length)) && length;
    switch (mark) {
    case "\\":
      if (next === "\n") tokens.push(element("br"));
      else if (next && /[!-/:-@[-`{-~]/.test(next)) tokens.push(next);
      else return plain();
      return 2;
    case "\n":
      tokens.push(text.slice(at - 2, at) === "  " ? element("br") : "\n");
      return 1;
    case "`": {
      const run = matchAt(/`+/y, text, at)[0].length;
      if (lastQuotes.get(run) <= at) return plain(run);
      const quotes = /`+/g;
      let close;
      quotes.lastIndex = at + run;
      do close = quotes.exec(text); while (close[0].length !== run);
      const code = text.slice(at + run, close.index).replace(/\n/g, " ");
      tokens.push(element("code", {}, code.startsWith(" ") && code.endsWith(" ") && code.trim() ? code.slice(1, -1) : code));
      return close.index + run - at;
    }
    case "!": {
      // A picture would tell its server who reads this; it becomes a link.
      if (next !== "[") return plain();
      const close = matchAt(/[[\]]/g, text, at + 2);
      const target = close && close[0] === "]" && destination(text, close.index + 1);
      if (!target) return plain();
      tokens.push(link(target.address, text.slice(at + 2, close.index) || target.address));
      return close.index + 1 + target.length - at;
    }
    case "[":
      brackets.push(tokens.length);
      return plain();
    case "]": {
      const open = brackets.pop();
      const target = open !== undefined && destination(text, at + 1);
      if (!target) return plain();
      const inside = tokens.splice(open + 1).map((token) => token instanceof HTMLAnchorElement ? token.textContent : token);
      tokens[open] = link(target.address, inside.length ? emphasised(inside) : target.address);
      // There are no links within links.
      brackets.length = 0;
      return 1 + target.length;
    }
    case "<": {
      const match = matchAt(ANGLED, text, at);
      const address = match && match[1] && safeAddress(match[1]);
      if (!match || (match[1] && !address)) return plain();
      tokens.push(address ? link(address, match[1]) : element("br"));
      return match[0].length;
    }
    case "http://": case "https://": {
      const address = trimmedAddress((matchAt(BARE_ADDRESS, text, at) ?? [""])[0]);
      if (/[\p{L}\p{N}]/u.test(text[at - 1] ?? "") || !safeAddress(address)) return plain();
      tokens.push(link(safeAddress(address), address));
      return address.length;
    }
    default: {
      let end = at + 1;
      while (text[end] === mark) end++;
      const [before, after] = [text[at - 1] ?? " ", text[end] ?? " "];
      const [spaceBefore, spaceAfter] = [!before.trim(), !after.trim()];
      const [pointBefore, pointAfter] = [PUNCTUATION.test(before), PUNCTUATION.test(after)];
      const isLeft = !spaceAfter && (!pointAfter || spaceBefore || pointBefore);
      const isRight = !spaceBefore && (!pointBefore || spaceAfter || pointAfter);
      if (mark === "~" && end - at !== 2) return plain(end - at);
      tokens.push({
        mark, left: end - at, widths: [], closed: 0,
        opens: isLeft && (mark !== "_" || !isRight || pointBefore), closes: isRight && (mark !== "_" || !isLeft || pointAfter),
      });
      return end - at;
    }
    }
  }

  /** The tokens as nodes, with emphasis where runs of marks pair up. */
  function emphasised(tokens) {
    const open = [];
    const count = { "*": 0, "_": 0, "~": 0 };
    for (const run of tokens) {
      if (!run.mark) continue;
      while (run.closes && run.left && count[run.mark]) {
        // What stays open between the two is plain text, and is looked at no more.
        while (open[open.length - 1].mark !== run.mark) count[open.pop().mark]--;
        const opener = open[open.length - 1];
        const width = Math.min(2, opener.left, run.left);
        opener.widths.push(width);
        opener.left -= width;
        run.left -= width;
        run.closed++;
        if (!opener.left) count[open.pop().mark]--;
      }
      if (run.opens && run.left) {
        open.push(run);
        count[run.mark]++;
      }
    }
    const parents = [document.createDocumentFragment()];
    for (const token of tokens) {
      const parent = () => parents[parents.length - 1];
      if (!token.mark) {
        parent().append(token);
        continue;
      }
      parents.length -= token.closed;
      if (token.left) parent().append(token.mark.repeat(token.left));
      for (const width of token.widths.reverse()) {
        if (parents.length > MAXIMUM_DEPTH) {
          parents.push(parent());
        } else {
          const child = element(token.mark === "~" ? "del" : width === 2 ? "strong" : "em");
          parent().append(child);
          parents.push(child);
        }
      }
    }
    return parents[0];
  }

  // MARK: - The server

  /** What goes wrong, in words for the visitor. */
  class Failure extends Error {
    constructor(message, canRetry = false) {
      super(message);
      this.canRetry = canRetry;
    }
  }

  const errorText = (chunk) => [chunk?.errorMsg, chunk?.error].find((text) => text && typeof text === "string");

  /** An answer of the server. Throws a `Failure` for a status of 400 and above. */
  async function request(address, init, words) {
    let response;
    try {
      response = await fetch(address, {
        credentials: "omit",
        // Pages of this server's own origin send no Origin when they read; pages may have turned Referer off, too.
        referrerPolicy: "strict-origin-when-cross-origin",
        ...init,
      });
    } catch (error) {
      throw error.name === "AbortError" ? error : new Failure(words.unreachable, true);
    }
    if (response.status < 400) return response;
    throw new Failure(errorText(await response.json().catch(() => null)) ?? words.failed);
  }

  /** The JSON of each event of a stream. Lines that begin with a colon are heartbeats. */
  async function* events(body) {
    const reader = body.getReader();
    const decoder = new TextDecoder();
    let rest = "";
    let data = [];
    try {
      for (let isDone = false; !isDone;) {
        const part = await reader.read();
        isDone = part.done;
        const text = isDone ? `${decoder.decode()}\n\n` : decoder.decode(part.value, { stream: true });
        if (!text.includes("\n")) {
          rest += text;
          continue;
        }
        const lines = (rest + text).split("\n");
        rest = lines.pop();
        for (const line of lines.map((line) => line.replace(/\r$/, ""))) {
          if (line.startsWith("data:")) data.push(line.slice(5));
          if (line || !data.length) continue;
          const chunk = parsed(data.join("\n"));
          data = [];
          if (chunk && typeof chunk === "object") yield chunk;
        }
      }
    } finally {
      reader.cancel().catch(() => {});
    }
  }

  function parsed(json) {
    try { return JSON.parse(json); } catch { return null; }
  }

  /** A random UUID of version 4; `crypto.randomUUID` is closed to pages without TLS. */
  function randomUUID() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  // MARK: - Messages

  /** An answer from its first piece to its last. */
  class Answer {
    /** `change` is called with each function that draws, so that the caller keeps the end in view. */
    constructor(words, name, change = (draw) => draw()) {
      this.words = words;
      this.change = change;
      this.text = "";
      this.sources = new Map();
      this.thoughts = element("div", { lang: "" });
      this.summary = element("span");
      this.details = disclosure("thoughts", this.summary, this.thoughts);
      this.body = element("div", { class: "text", lang: "" }, element("div", { class: "dots" }, [1, 2, 3].map(() => element("i"))));
      // The language of an answer is not known.
      this.view = element("div", { class: "message assistant" },
        element("span", { class: "unseen" }, `${name}: `), this.details, this.body);
      this.details.hidden = true;
    }

    append(text) {
      this.text += text;
      if (this.frame) return;
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.change(() => this.draw());
      });
    }

    addSources(sources) {
      for (const source of Array.isArray(sources) ? sources : []) {
        if (source && typeof source === "object") this.sources.set(`${source.title}\n${source.text}`, source);
      }
    }

    draw() {
      const text = this.text.trimStart();
      // "<thi": what it becomes is not known yet.
      if (!this.isFinished && "<think>".startsWith(text)) return;
      const [, thoughts, end, answer] = /^(?:<think>([^]*?)(<\/think>|$))?([^]*)$/.exec(text);
      this.details.hidden = !thoughts?.trim();
      const title = end === "" ? this.words.thinking : this.words.thoughts;
      if (this.summary.textContent !== title) this.summary.textContent = title;
      this.thoughtsMarkdown = this.thoughtsMarkdown ?? new Markdown(this.thoughts, this.words);
      this.thoughtsMarkdown.update(thoughts ?? "");
      if (!answer.trim()) return;
      this.markdown = this.markdown ?? new Markdown(this.body, this.words);
      this.markdown.update(answer);
    }

    /** Draws everything anew: screen readers announce what is added, and said nothing while the log was busy. */
    finish() {
      cancelAnimationFrame(this.frame);
      this.isFinished = true;
      this.change(() => {
        this.thoughts.replaceChildren();
        this.body.replaceChildren();
        this.markdown = this.thoughtsMarkdown = null;
        this.draw();
        if (this.sources.size) this.view.append(sourceList([...this.sources.values()], this.words));
      });
    }
  }

  const disclosure = (className, title, ...children) =>
    element("details", { class: className }, element("summary", {}, icon("down"), title), children);

  function sourceList(sources, words) {
    return disclosure("sources", `${words.sources} (${sources.length})`, element("ol", {}, sources.map((source) => {
      const title = typeof source.title === "string" && source.title || words.untitled;
      const address = [source.url, source.chunkSource].filter((text) => typeof text === "string")
        .map((text) => text.replace(/^link:\/\//, "")).find((text) => /^https?:/.test(text) && safeAddress(text));
      const excerpt = excerptOf(source.text);
      return element("li", { dir: "auto" },
        element("strong", {}, address ? link(safeAddress(address), title) : title), excerpt && element("p", {}, excerpt));
    })));
  }

  /** The beginning of a chunk's text, without the header that tells the model where it is from. */
  function excerptOf(chunk) {
    if (typeof chunk !== "string") return "";
    const header = chunk.startsWith("<document_metadata>") ? chunk.indexOf("</document_metadata>") : -1;
    const text = chunk.slice(header < 0 ? 0 : header + 20, 4000).replace(/\s+/g, " ").trim();
    return text.length > 280 ? `${text.slice(0, 280).trim()}…` : text;
  }

  // MARK: - The widget

  function readOptions(script) {
    const read = (name) => (script.dataset[name] ?? "").trim() || null;
    const language = /^de(?![a-z])/i.test(read("lang") ?? document.documentElement.lang) ? "de" : "en";
    const temperature = read("temperature");
    const base = new URL(read("baseApiUrl") ?? "/api/embed", script.src || location.href).href.replace(/\/+$/, "");
    return {
      read, language, words: WORDS[language], name: read("assistantName") ?? WORDS[language].name,
      address: `${base}/${encodeURIComponent(read("embedId"))}/`,
      sessionKey: `allm_${read("embedId")}_session_id`,
      fields: {
        username: read("username"), prompt: read("prompt"), model: read("model"),
        temperature: temperature !== null && isFinite(temperature) ? Number(temperature) : null,
      },
      position: /^(top|bottom)-(left|right)$/.test(read("position")) ? read("position") : "bottom-right",
    };
  }

  class ChatWidget {
    constructor(options, shift) {
      this.options = options;
      this.words = options.words;
      this.host = element("lectern-chat-widget", { lang: options.language });
      this.chat = this.build();
      const root = this.host.attachShadow({ mode: "open" });
      // Needs no 'unsafe-inline' in the page's policy; browsers that lack it take an element.
      if ("adoptedStyleSheets" in root && "replaceSync" in CSSStyleSheet.prototype) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(STYLE);
        root.adoptedStyleSheets = [sheet];
      } else {
        root.append(element("style", {}, STYLE));
      }
      root.append(this.chat);
      for (const [property, name] of [["width", "windowWidth"], ["height", "windowHeight"]]) {
        const size = (options.read(name) ?? "").replace(/^\d+$/, "$&px");
        if (CSS.supports(property, size)) this.chat.style.setProperty(`--${property}`, size);
      }
      this.chat.style.setProperty("--shift", `${shift * 4.25}em`);
    }

    build() {
      const { words, options } = this;
      const { read, name } = options;
      const email = read("supportEmail");
      const placeholder = read("sendMessageText") ?? words.placeholder;
      this.launcher = element("button", {
        type: "button", class: "launcher", "aria-label": `${words.launcher} ${name}`, "aria-expanded": "false",
        "aria-controls": "panel", "aria-haspopup": "dialog", onclick: () => this.panel.hidden ? this.open() : this.close(),
      }, icon("chat"));
      this.resetButton = iconButton("reset", "reset", read("resetChatText") ?? words.reset, () => this.reset());
      this.log = element("div",
        { class: "log", role: "log", "aria-live": "polite", "aria-label": words.conversation, tabindex: "0" });
      this.input = element("textarea", {
        rows: "1", placeholder, "aria-label": placeholder, enterkeyhint: "send", dir: "auto", oninput: () => this.growInput(),
        onkeydown: (event) => {
          // While a word is being composed, Enter accepts it; Safari tells by the code alone.
          if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
          event.preventDefault();
          this.submit();
        },
      });
      this.sendButton = iconButton("send", "send", words.send, () => this.submit());
      this.stopButton = iconButton("stop", "stop", words.stop, () => this.answering?.abort());
      this.stopButton.hidden = true;
      this.status = element("div", { class: "unseen", role: "status" });
      this.panel = element("section", { class: "panel", id: "panel", role: "dialog", "aria-labelledby": "title", hidden: true },
        element("div", { class: "head" }, element("span", { class: "mark" }, icon("chat")),
          element("h2", { id: "title", dir: "auto" }, name), this.resetButton,
          iconButton("close", "close", words.close, () => this.close())),
        this.log, element("div", { class: "compose" }, this.input, this.sendButton, this.stopButton),
        element("p", { class: "foot" }, element("span", {}, words.note),
          email && link(safeAddress(`mailto:${email}`), words.support)),
        this.status);
      this.clear();
      const chat = element("div",
        { class: "chat", "data-position": options.position, onkeydown: (event) => this.keyPressed(event) }, this.launcher, this.panel);
      // The page sees keys as pressed on the host, not in a text field, and may take them for shortcuts.
      for (const type of ["keydown", "keypress", "keyup"]) chat.addEventListener(type, (event) => event.stopPropagation());
      return chat;
    }

    /** Puts the widget on the page. */
    mount() {
      document.body.append(this.host);
      this.wasMounted = true;
      this.paint(this.options.read("buttonColor"));
      // A panel that nobody asked for takes neither the focus nor a whole screen.
      if (/^(on|true)$/i.test(this.options.read("openOnLoad") ?? "") && !matchMedia(SMALL_SCREEN).matches) this.open(false);
      for (const type of ["resize", "scroll"]) window.visualViewport?.addEventListener(type, () => this.fit());
      window.addEventListener("resize", () => this.fit());
    }

    /** Takes a colour of the page's owner, with black or white on it, whichever reads better. */
    paint(color) {
      if (!color || !CSS.supports("color", color)) return;
      this.chat.style.setProperty("--accent", color);
      // Colours that the browser does not compute to rgb count as dark.
      const computed = /^rgba?\(([^)]*)/.exec(getComputedStyle(this.launcher).backgroundColor)?.[1] ?? "0,0,0";
      const [red, green, blue] = computed.split(",").map((part) => part / 255)
        .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      this.chat.style.setProperty("--ink", 1.05 / (luminance + 0.05) >= 4.5 ? "#fff" : "#000");
    }

    // MARK: Opening and closing

    open(takesFocus = true) {
      this.show(true);
      this.fit();
      if (takesFocus) this.input.focus({ preventScroll: true });
      if (!this.wasOpened) this.loadHistory();
      this.wasOpened = true;
    }

    close() {
      this.show(false);
      this.launcher.focus({ preventScroll: true });
    }

    show(isOpen) {
      this.panel.hidden = !isOpen;
      this.launcher.setAttribute("aria-expanded", isOpen);
      this.launcher.replaceChildren(icon(isOpen ? "down" : "chat"));
      for (const node of [this.host, this.chat]) node.classList.toggle("open", isOpen);
    }

    keyPressed(event) {
      if (this.panel.hidden || event.isComposing) return;
      if (event.key === "Escape") this.close();
      // On a small screen the page behind cannot be seen, so the focus stays in front.
      if (event.key !== "Tab" || !matchMedia(SMALL_SCREEN).matches) return;
      const controls = [...this.panel.querySelectorAll("button, textarea, a")].filter((control) => control.getClientRects().length);
      const [first, last] = [controls[0], controls[controls.length - 1]];
      if (this.host.shadowRoot.activeElement !== (event.shiftKey ? first : last)) return;
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }

    /** Keeps the panel above an on-screen keyboard, which on some phones lies over the page instead of making it smaller. */
    fit() {
      if (this.panel.hidden) return;
      this.panel.setAttribute("aria-modal", matchMedia(SMALL_SCREEN).matches);
      const view = window.visualViewport;
      // Who zooms in wants to see a part of the panel, not a smaller panel.
      const isZoomed = !view || view.scale > 1.05;
      const sizes = isZoomed ? {} : {
        "--view-top": view.offsetTop, "--view-height": view.height,
        "--keyboard": Math.max(0, window.innerHeight - view.height - view.offsetTop),
      };
      for (const name of ["--view-top", "--view-height", "--keyboard"]) {
        if (name in sizes) this.chat.style.setProperty(name, `${sizes[name]}px`);
        else this.chat.style.removeProperty(name);
      }
    }

    // MARK: Conversation

    /** An empty conversation. */
    clear() {
      const { read, name } = this.options;
      const greeting = new Answer(this.words, name);
      greeting.text = read("greeting") ?? this.words.greeting;
      greeting.finish();
      const suggestions = (read("defaultMessages") ?? "").split(",").map((text) => text.trim()).filter(Boolean);
      this.suggestions = element("div", { class: "suggestions" }, suggestions.map((text) =>
        element("button", { type: "button", dir: "auto", onclick: () => { this.input.focus(); this.send(text); } }, text)));
      this.past = element("div");
      this.log.replaceChildren(greeting.view, this.past, this.suggestions);
    }

    growInput() {
      this.input.style.height = "auto";
      this.input.style.height = `${this.input.scrollHeight}px`;
    }

    /** Makes a change of the log, and shows its end if that was in view. */
    change(draw) {
      const { log } = this;
      const isAtEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 48;
      draw();
      if (isAtEnd) log.scrollTop = log.scrollHeight;
    }

    add(view) {
      this.change(() => this.log.append(view));
      return view;
    }

    question(text) {
      this.suggestions.hidden = true;
      return element("div", { class: "message user" },
        element("span", { class: "unseen" }, `${this.words.you}: `), element("div", { class: "text", dir: "auto", lang: "" }, text));
    }

    fail(failure, retry) {
      const text = element("div", {}, element("p", {}, failure.message));
      const view = element("div", { class: "failure" }, icon("alert"), text);
      const tryAgain = () => {
        view.remove();
        this.input.focus();
        retry();
      };
      if (failure.canRetry) text.append(element("button", { type: "button", onclick: tryAgain }, this.words.retry));
      this.add(view);
    }

    /** The session of a visitor who has sent messages; else `null`. */
    get session() {
      if (this.ownSession) return this.ownSession;
      try {
        const stored = localStorage.getItem(this.options.sessionKey);
        return /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(stored) ? stored : null;
      } catch {
        return null;
      }
    }

    beginSession() {
      this.ownSession = this.session ?? randomUUID();
      // Where storage is closed, the session lasts as long as the page.
      try { localStorage.setItem(this.options.sessionKey, this.ownSession); } catch { /* see above */ }
    }

    /** Shows what was said before. Who has no session yet has said nothing. */
    async loadHistory() {
      if (!this.session) return;
      const loading = this.loading = new AbortController();
      try {
        const response = await request(this.options.address + this.session, { signal: loading.signal }, this.words);
        const history = (await response.json().catch(() => { throw new Failure(this.words.failed); }))?.history;
        const messages = (Array.isArray(history) ? history : []).filter((message) => typeof message?.content === "string");
        const views = messages.map((message) => {
          if (message.role === "user") return this.question(message.content);
          const answer = new Answer(this.words, this.options.name);
          answer.text = message.content;
          answer.addSources(message.sources);
          answer.finish();
          return answer.view;
        });
        // Not read aloud: the visitor knows it.
        this.log.setAttribute("aria-live", "off");
        this.change(() => this.past.replaceWith(this.past = element("div", {}, views)));
        requestAnimationFrame(() => this.log.setAttribute("aria-live", "polite"));
      } catch (error) {
        if (!loading.signal.aborted) this.fail(error, () => this.loadHistory());
      }
    }

    async reset() {
      this.answering?.abort();
      this.loading?.abort();
      this.input.focus();
      this.isResetting = true;
      try {
        if (this.session) await request(this.options.address + this.session, { method: "DELETE" }, this.words);
        this.clear();
        this.status.textContent = this.words.hasReset;
      } catch (error) {
        this.fail(error, () => this.reset());
      } finally {
        this.isResetting = false;
      }
    }

    submit() {
      const text = this.input.value.trim();
      this.input.focus();
      if (!text || this.isBusy) return;
      this.input.value = "";
      this.growInput();
      this.send(text);
    }

    get isBusy() {
      return this.isResetting || Boolean(this.answering);
    }

    send(message) {
      if (this.isBusy) return;
      this.add(this.question(message));
      this.log.scrollTop = this.log.scrollHeight;
      this.ask(message);
    }

    setAnswering(request) {
      this.answering = request;
      const hadFocus = this.host.shadowRoot.activeElement === this.stopButton;
      this.sendButton.hidden = request !== null;
      this.stopButton.hidden = request === null;
      if (hadFocus) this.input.focus();
      this.log.setAttribute("aria-busy", request !== null);
      this.status.textContent = request ? this.words.writing : "";
    }

    newAnswer() {
      const answer = new Answer(this.words, this.options.name, (draw) => this.change(draw));
      this.add(answer.view);
      return answer;
    }

    async ask(message) {
      const abort = new AbortController();
      this.setAnswering(abort);
      const answers = [this.newAnswer()];
      let failure = null;
      try {
        this.beginSession();
        // A string without a content type of ours goes without a preflight.
        const body = JSON.stringify({ message, sessionId: this.session, ...this.options.fields });
        const init = { method: "POST", body, signal: abort.signal };
        const response = await request(`${this.options.address}stream-chat`, init, this.words);
        await this.read(events(response.body), answers);
      } catch (error) {
        failure = error instanceof Failure || error.name === "AbortError" ? error : new Failure(this.words.interrupted, true);
      }
      this.setAnswering(null);
      for (const answer of answers) {
        if (answer.text.trim()) answer.finish();
        else answer.view.remove();
      }
      if (failure?.name === "AbortError") {
        this.add(element("p", { class: "stopped" }, this.words.stopped));
      } else if (failure) {
        this.fail(failure, () => {
          for (const answer of answers) answer.view.remove();
          this.ask(message);
        });
      }
    }

    /** Reads chunks until one closes the answer. Chunks of another id are another message. */
    async read(chunks, answers) {
      let id = null;
      for await (const chunk of chunks) {
        let answer = answers[answers.length - 1];
        const chunkID = chunk.uuid ?? chunk.id ?? id;
        if (id !== null && chunkID !== id && answer.text) answers.push(answer = this.newAnswer());
        id = chunkID;
        answer.addSources(chunk.sources);
        if (/^textResponse(Chunk)?$/.test(chunk.type) && typeof chunk.textResponse === "string") answer.append(chunk.textResponse);
        if (chunk.error || chunk.type === "abort") throw new Failure(errorText(chunk) ?? this.words.failed);
        if (chunk.close) break;
      }
      if (!answers.some((answer) => answer.text.trim())) throw new Failure(this.words.failed);
    }
  }

  // MARK: - Start

  const REGISTRY = Symbol.for("lectern.chat-widget");
  const widgets = window[REGISTRY] ?? (window[REGISTRY] = new Map());
  // Pages that exchange their body without loading anew take the widget away, and bring the script again.
  const isShown = (widget) => widget && (!widget.wasMounted || widget.host.isConnected);
  const isNew = (script) => script.dataset.embedId && !isShown(widgets.get(script.dataset.embedId));
  // Modules do not know which element loaded them.
  const script = document.currentScript ?? [...document.querySelectorAll("script[data-embed-id]")].find(isNew);
  if (!script?.dataset.embedId) {
    console.warn("Lectern's chat widget: the script has no data-embed-id.");
    return;
  }
  if (!isNew(script)) return;
  const options = readOptions(script);
  const neighbours = [...widgets.values()].filter((widget) => isShown(widget) && widget.options.position === options.position);
  const widget = new ChatWidget(options, neighbours.length);
  widgets.set(script.dataset.embedId, widget);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => widget.mount());
  else widget.mount();
})();
