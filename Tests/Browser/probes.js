// What the tests measure in the page. Each probe takes the widget's shadow root.

const channels = (color) => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};

const luminance = (color) => {
  const [red, green, blue] = color.map((part) => part / 255)
    .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

/** The first background behind an element that hides what is behind it. */
const background = (node) => {
  for (; node; node = node.parentElement) {
    const color = channels(getComputedStyle(node).backgroundColor);
    if (color[3] === 255) return color;
  }
  return [255, 255, 255, 255];
};

const isSeen = (node) => node.getClientRects().length > 0 && !node.closest(".unseen");
const hasText = (node) => [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
const name = (node) => node.getAttribute("class") || node.localName;

const probes = {
  /** How many texts and icons there are, and which have less contrast than WCAG asks of text at level AA. */
  contrast(root) {
    const nodes = [...root.querySelectorAll("*")]
      .filter((node) => isSeen(node) && (hasText(node) || node.matches(".icon")));
    const poor = nodes.flatMap((node) => {
      const [front, behind] = [luminance(channels(getComputedStyle(node).color)), luminance(background(node))];
      const ratio = (Math.max(front, behind) + 0.05) / (Math.min(front, behind) + 0.05);
      return ratio < 4.5 ? [`${name(node)}: ${node.textContent.slice(0, 20)}: ${ratio.toFixed(2)}`] : [];
    });
    return [nodes.length, poor];
  },

  openDisclosures(root) {
    for (const details of root.querySelectorAll("details")) details.open = true;
  },

  /** What is pressed, and is smaller than a fingertip. */
  smallTargets(root) {
    return [...root.querySelectorAll("button, summary, textarea, .foot a")].filter(isSeen).filter((node) => {
      const box = node.getBoundingClientRect();
      return box.width < 44 || box.height < 44;
    }).map((node) => node.outerHTML);
  },

  /** Whether what has the focus shows it. The input's frame does so for the input. */
  showsFocus(root) {
    const node = root.activeElement;
    const style = getComputedStyle(node.localName === "textarea" ? node.parentElement : node);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  },

  /** Parts of the panel whose content is wider than they are. */
  wideParts(root) {
    return [...root.querySelectorAll(".panel, .head, .log, .compose, .foot, .message")]
      .filter((node) => node.scrollWidth > node.clientWidth + 1).map(name);
  },

  panelBox(root) {
    const { left, top, width, height } = root.querySelector(".panel").getBoundingClientRect();
    return [left, top, width, height];
  },

  /** The corner of the screen that the launcher is in. */
  corner(root) {
    const { top, left } = root.querySelector(".launcher").getBoundingClientRect();
    return `${top < innerHeight / 2 ? "top" : "bottom"}-${left < innerWidth / 2 ? "left" : "right"}`;
  },

  /** How far the log is from its end. */
  distanceFromEnd(root) {
    const log = root.querySelector(".log");
    return log.scrollHeight - log.scrollTop - log.clientHeight;
  },

  /** How deep elements nest below the log. */
  depth(root) {
    let most = 0;
    for (const node of root.querySelectorAll(".log *")) {
      if (node.firstElementChild) continue;
      let depth = 0;
      for (let parent = node; !parent.matches(".log"); parent = parent.parentElement) depth++;
      most = Math.max(most, depth);
    }
    return most;
  },

  /** What elements of answers could run or load. */
  dangers(root) {
    const elements = "img, script, iframe, style, object, embed, svg:not(.icon), link, form, lectern-chat-widget";
    const attributes = [...root.querySelectorAll(".log *")].flatMap((node) => node.getAttributeNames())
      .filter((attribute) => attribute.startsWith("on") || attribute === "style");
    return [...[...root.querySelectorAll(elements)].map(name), ...attributes];
  },

  links(root) {
    return [...root.querySelectorAll(".log a")].map((link) => [link.protocol, link.rel, link.target]);
  },

  tableRows(root) {
    return [...root.querySelectorAll("tr")].map((row) =>
      [...row.cells].map((cell) => `${cell.localName} ${cell.className} ${cell.innerText}`));
  },

  /** Notes in `window.announced` what is added to the log while screen readers listen. */
  listen(root) {
    const log = root.querySelector(".log");
    window.announced = [];
    new MutationObserver((changes) => {
      if (log.getAttribute("aria-busy") === "true") return;
      for (const change of changes) for (const node of change.addedNodes) window.announced.push(node.textContent);
    }).observe(log, { childList: true, subtree: true });
  },
};
