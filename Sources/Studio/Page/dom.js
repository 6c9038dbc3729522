// Small helpers around the document.

export const $ = (id) => document.getElementById(id);

/// An element with properties, `data-` and `aria-` attributes, and children.
export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key.includes("-")) node.setAttribute(key, value);
    else node[key] = value;
  }
  node.append(...children.filter((child) => child !== undefined && child !== null));
  return node;
}

/// Shows one line of what went wrong, or hides it.
export function tell(place, message) {
  const text = message ? message.charAt(0).toUpperCase() + message.slice(1) : "";
  if (place.textContent !== text) place.textContent = text;
  place.hidden = !text;
}

/// Settings that outlive the tab. A browser that forbids them forgets, and nothing else happens.
export const memory = {
  get(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(`starling.${key}`)) ?? otherwise;
    } catch {
      return otherwise;
    }
  },
  set(key, value) {
    try {
      localStorage.setItem(`starling.${key}`, JSON.stringify(value));
    } catch {
      // Full or forbidden.
    }
  },
};

const probe = el("span", { hidden: true });

/// The present value of a color of base.css, such as `--accent`, for canvases.
export function color(name) {
  if (!probe.isConnected) document.body.append(probe);
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color;
}

/// Calls back when light becomes dark or the other way round.
export function onColors(callback) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", callback);
  new MutationObserver(callback).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

export function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

export const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/// Gives a canvas as many pixels as the screen has for it, and returns its context in CSS pixels.
export function ready(canvas) {
  const scale = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const [columns, rows] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height };
}

/// Opens a dialog; what has `data-close` closes it, and so does a click beside it.
export function open(dialog) {
  if (!dialog.dataset.wired) {
    dialog.dataset.wired = "yes";
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
    });
  }
  dialog.returnValue = "";
  dialog.showModal();
}

/// Asks before something that cannot be undone.
export function confirmed(title, text, action) {
  const dialog = $("confirm");
  $("confirm-title").textContent = title;
  $("confirm-text").textContent = text;
  $("confirm-yes").textContent = action;
  return new Promise((resolve) => {
    $("confirm-yes").onclick = () => dialog.close("yes");
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    open(dialog);
  });
}
