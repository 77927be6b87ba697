"""What the page of a graph does: drawing edges, searching, choosing, moving about. It fetches nothing."""

from __future__ import annotations

SCRIPT = r"""
"use strict";
const data = JSON.parse(document.getElementById("graph").textContent);
const NS = "http://www.w3.org/2000/svg";
const byId = (id) => document.getElementById(id);
const stage = byId("stage"), svg = byId("drawing"), view = byId("view"), over = byId("over");
const edgesHere = byId("edges"), panel = byId("panel"), search = byId("q"), said = byId("said");
const boxes = Array.from(view.querySelectorAll(".node"));
const place = new Map(data.nodes.map((node, i) => [node.id, i]));
const into = data.nodes.map(() => []), out = data.nodes.map(() => []);
data.edges.forEach((edge, i) => { out[edge[0]].push(i); into[edge[1]].push(i); });
const GROUPS = {
  leads: ["start", "act", "ending", "goto", "call", "else", "plays", "otherwise"],
  later: ["later"], asks: ["asks"], sets: ["sets"], offered: ["calendar", "council"]
};
const groupOf = {};
for (const [group, kinds] of Object.entries(GROUPS)) for (const kind of kinds) groupOf[kind] = group;
const SAID = {
  start: "begins with", act: "next act", ending: "ends in", goto: "goto", call: "call", later: "later",
  else: "else", plays: "plays", otherwise: "otherwise", asks: "asked for by name", sets: "sets what is read",
  calendar: "by the calendar", council: "in council"
};
const [W, H] = data.box, [LEFT, TOP] = data.room;
const MOST = 20000;
let chosen = -1, hits = [], hit = -1, scale = 1, left = 0, top_ = 0;

function make(tag, attributes, parent, text) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  parent.appendChild(made);
  return made;
}
function html(tag, parent, text, kind) {
  const made = document.createElement(tag);
  if (text !== undefined) made.textContent = text;
  if (kind) made.className = kind;
  parent.appendChild(made);
  return made;
}

// edges

function shown(group) { return byId("k-" + group).checked; }
function everywhere(group) {
  return group === "leads" || group === "later" || (group !== "offered" && byId("which").value === "all");
}
function sign(edge) {
  const signs = new Set(edge[4].map((name) => data.names[name][0]));
  return signs.size !== 1 ? "" : signs.has("+") ? "helps" : signs.has("−") ? "harms" : "";
}
function curve(a, b) {
  const x1 = a.x + W, y1 = a.y + H / 2, x2 = b.x, y2 = b.y + H / 2;
  const bend = x2 > x1 ? Math.max(24, (x2 - x1) / 2) : 60;
  return `M${x1},${y1}C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
}
function draw() {
  edgesHere.replaceChildren();
  const close = new Set(chosen < 0 ? [] : [...into[chosen], ...out[chosen]]), far = new Map();
  let all = 0, inferred = 0, left_out = 0;
  data.edges.forEach((edge, i) => {
    const group = groupOf[edge[2]], guess = group === "asks" || group === "sets";
    if (close.has(i) || !shown(group) || !everywhere(group)) return;
    if (guess && inferred >= MOST) { left_out += 1; return; }
    all += 1;
    inferred += guess;
    const kind = kinds(edge), strokes = far.get(kind) || [];
    strokes.push(curve(data.nodes[edge[0]], data.nodes[edge[1]]));
    far.set(kind, strokes);
  });
  // inferred edges that nobody asked for are one stroke a kind: thousands of elements would make the page slow
  for (const [kind, strokes] of far) {
    const apart = kind === "leads" || kind === "later" ? strokes : [strokes.join("")];
    for (const d of apart) make("path", { d, class: kind, ...arrow(kind, apart === strokes) }, edgesHere);
  }
  for (const i of close) {
    const edge = data.edges[i], group = groupOf[edge[2]];
    if (!shown(group)) continue;
    all += 1;
    inferred += group === "asks" || group === "sets";
    const d = curve(data.nodes[edge[0]], data.nodes[edge[1]]), kind = kinds(edge);
    make("path", { d, class: kind + " near", ...arrow(kind, true) }, edgesHere);
  }
  byId("rest").textContent = left_out ? `${left_out} more inferred edges are not drawn` : "";
  document.body.dataset.edges = String(all);
  document.body.dataset.inferred = String(inferred);
  near();
}
function kinds(edge) {
  const group = groupOf[edge[2]];
  return group === "sets" ? ("sets " + sign(edge)).trim() : group;
}
function arrow(kind, single) {
  const group = kind.split(" ")[0];
  return single ? { "marker-end": `url(#tip-${group === "offered" ? "leads" : group})` } : {};
}
function near() {
  const close = new Set();
  if (chosen >= 0) for (const i of [...into[chosen], ...out[chosen]]) {
    if (shown(groupOf[data.edges[i][2]])) { close.add(data.edges[i][0]); close.add(data.edges[i][1]); }
  }
  const found = new Set(hits);
  boxes.forEach((box, i) => {
    box.classList.toggle("near", close.has(i));
    box.classList.toggle("now", i === chosen);
    box.classList.toggle("hit", found.has(i));
  });
  view.classList.toggle("far", chosen >= 0 || hits.length > 0);
}

// moving about

function move() {
  view.setAttribute("transform", `translate(${left},${top_}) scale(${scale})`);
  for (const mark of over.querySelectorAll("[data-y]")) {
    mark.setAttribute("transform", `translate(0,${top_ + scale * mark.dataset.y})`);
  }
  let last = -99, lastYear = -99;
  for (const mark of over.querySelectorAll("[data-x]")) {
    const x = left + scale * mark.dataset.x, year = mark.classList.contains("year");
    const room = year ? x - lastYear > 36 : x - last > 22;
    mark.setAttribute("transform", `translate(${x},0)`);
    mark.style.display = room && x > 4 ? "" : "none";
    if (room) { if (year) lastYear = x; else last = x; }
  }
}
function size() { const box = stage.getBoundingClientRect(); return [box.width, box.height]; }
function zoom(by, x, y) {
  const next = Math.min(4, Math.max(0.04, scale * by));
  left = x - (x - left) * next / scale;
  top_ = y - (y - top_) * next / scale;
  scale = next;
  move();
}
function zoomMiddle(by) { const [w, h] = size(); zoom(by, w / 2, h / 2); }
function corner(room) { return Math.max(0, room * (1 - scale)); }
function fit() {
  const [w, h] = size();
  scale = Math.min((w - LEFT) / data.size[0], (h - TOP) / data.size[1]);
  left = corner(LEFT);
  top_ = corner(TOP);
  move();
}
function begin() {
  const [, h] = size();
  scale = Math.min(1, Math.max(0.35, (h - TOP) / data.size[1]));
  left = corner(LEFT);
  top_ = corner(TOP);
  move();
}
function look(i) {
  const [w, h] = size(), node = data.nodes[i];
  scale = Math.max(scale, 0.8);
  left = Math.min(corner(LEFT), w / 2 - scale * (node.x + W / 2));
  top_ = Math.min(corner(TOP), h / 2 - scale * (node.y + H / 2));
  move();
}

// choosing

function choose(i, go) {
  chosen = i;
  document.body.dataset.chosen = i < 0 ? "" : data.nodes[i].id;
  tell();
  draw();
  if (i >= 0 && go) look(i);
  remember();
}
function tell() {
  panel.replaceChildren();
  panel.scrollTop = 0;
  if (chosen < 0) { html("p", panel, data.help, "soft"); return; }
  const node = data.nodes[chosen];
  html("h2", panel, node.title);
  html("code", html("p", panel, undefined, "soft"), node.id);
  const list = html("dl", panel);
  for (const [name, value] of node.facts) { html("dt", list, name); html("dd", list, value); }
  if (node.gate) { html("h3", panel, node.kind === "event" ? "Needs" : "If"); html("code", html("p", panel), node.gate); }
  rows("What leads here", into[chosen], 0);
  rows("What it leads to", out[chosen], 1);
}
function rows(title, edges, end) {
  html("h3", panel, `${title} (${edges.length})`);
  if (!edges.length) html("p", panel, "Nothing.", "soft");
  for (const kind of Object.keys(SAID)) {
    const found = edges.filter((i) => data.edges[i][2] === kind);
    if (!found.length) continue;
    const part = html("details", panel);
    part.open = found.length <= 12;
    html("summary", part, `${SAID[kind]} (${found.length})`);
    const list = html("ul", part);
    for (const i of found) {
      const edge = data.edges[i], item = html("li", list), other = edge[end];
      html("button", item, data.nodes[other].title).addEventListener("click", () => choose(other, true));
      const words = [edge[3], edge[4].map((name) => data.names[name]).join(", ")].filter(Boolean).join("; ");
      if (words) html("span", item, words);
    }
  }
}

// searching

function plain(text) { return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase(); }
const spoken = data.nodes.map((node) => plain([node.title, node.id, node.gate, node.folder].join("\n")));
function find(text, go) {
  const wanted = plain(text.trim());
  hits = wanted ? spoken.flatMap((words, i) => words.includes(wanted) ? [i] : []) : [];
  const named = hits.find((i) => plain(data.nodes[i].id) === wanted);
  if (named !== undefined) hits = [named, ...hits.filter((i) => i !== named)];
  hit = hits.length ? 0 : -1;
  said.textContent = wanted ? `${hits.length} found` : "";
  document.body.dataset.hits = String(hits.length);
  near();
  if (go && hit >= 0) look(hits[hit]);
}
function next(step) {
  if (!hits.length) return;
  hit = (hit + step + hits.length) % hits.length;
  said.textContent = `${hit + 1} of ${hits.length}`;
  choose(hits[hit], true);
}

// the address

function remember() {
  const parts = [];
  if (chosen >= 0) parts.push("scene=" + encodeURIComponent(data.nodes[chosen].id));
  if (search.value.trim()) parts.push("q=" + encodeURIComponent(search.value.trim()));
  if (byId("which").value === "all") parts.push("inferred=all");
  const wanted = parts.length ? "#" + parts.join("&") : "";
  if (wanted !== location.hash) try { history.replaceState(null, "", wanted || location.pathname); } catch { return; }
}
function arrive() {
  const asked = new URLSearchParams(location.hash.slice(1));
  if (asked.get("inferred") === "all") byId("which").value = "all";
  if (asked.get("inferred") === "none") for (const group of ["asks", "sets"]) byId("k-" + group).checked = false;
  if (asked.has("q")) { search.value = asked.get("q"); find(search.value, true); }
  const id = asked.get("scene") || "";
  const found = [id, "event:" + id, "act:" + id, "start:" + id, "ending:" + id].find((name) => place.has(name));
  choose(found === undefined ? -1 : place.get(found), true);
  if (asked.has("q") && found === undefined && hit >= 0) look(hits[hit]);
}

// hands

const touches = new Map();
let moved = 0;
stage.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  touches.set(event.pointerId, [event.clientX, event.clientY]);
  moved = touches.size > 1 ? 99 : 0;
});
window.addEventListener("pointermove", (event) => {
  const was = touches.get(event.pointerId);
  if (!was) return;
  const now = [event.clientX, event.clientY];
  if (touches.size === 2) {
    const other = [...touches].find(([id]) => id !== event.pointerId)[1], box = stage.getBoundingClientRect();
    const reach = (at) => Math.hypot(at[0] - other[0], at[1] - other[1]) || 1;
    zoom(reach(now) / reach(was), (now[0] + other[0]) / 2 - box.left, (now[1] + other[1]) / 2 - box.top);
  } else {
    moved += Math.abs(now[0] - was[0]) + Math.abs(now[1] - was[1]);
    left += now[0] - was[0];
    top_ += now[1] - was[1];
    if (moved > 4) stage.classList.add("held");
    move();
  }
  touches.set(event.pointerId, now);
});
for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, (event) => {
  touches.delete(event.pointerId);
  if (!touches.size) stage.classList.remove("held");
});
stage.addEventListener("click", (event) => {
  if (moved > 4) return;
  const box = event.target.closest(".node");
  choose(box ? boxes.indexOf(box) : -1, false);
});
stage.addEventListener("wheel", (event) => {
  event.preventDefault();
  const box = stage.getBoundingClientRect();
  zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0016)), event.clientX - box.left, event.clientY - box.top);
}, { passive: false });
view.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  choose(boxes.indexOf(event.target.closest(".node")), false);
});
view.addEventListener("focusin", (event) => {
  const box = event.target.closest(".node");
  if (!box || !box.matches(":focus-visible")) return;
  const seen = box.getBoundingClientRect(), room = stage.getBoundingClientRect();
  if (seen.left < room.left || seen.right > room.right || seen.top < room.top || seen.bottom > room.bottom) {
    look(boxes.indexOf(box));
  }
});
const STEPS = { ArrowLeft: [80, 0], ArrowRight: [-80, 0], ArrowUp: [0, 80], ArrowDown: [0, -80] };
document.addEventListener("keydown", (event) => {
  const typing = ["INPUT", "SELECT"].includes(event.target.tagName);
  if (event.key === "Escape") { search.value = ""; find("", false); choose(-1, false); stage.focus(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") { event.preventDefault(); search.focus(); search.select(); return; }
  if (panel.contains(event.target)) return;
  if (event.key === "+" || event.key === "=") zoomMiddle(1.25);
  else if (event.key === "-") zoomMiddle(0.8);
  else if (event.key === "0") fit();
  else if (event.key === "n") next(1);
  else if (event.key === "N") next(-1);
  else if (STEPS[event.key]) {
    event.preventDefault();
    left += STEPS[event.key][0];
    top_ += STEPS[event.key][1];
    move();
  }
});
search.addEventListener("input", () => { find(search.value, true); remember(); });
search.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  if (chosen >= 0 && chosen === hits[hit]) next(event.shiftKey ? -1 : 1);
  else if (hit >= 0) choose(hits[hit], true);
});
byId("in").addEventListener("click", () => zoomMiddle(1.25));
byId("less").addEventListener("click", () => zoomMiddle(0.8));
byId("all").addEventListener("click", fit);
byId("which").addEventListener("change", () => { draw(); remember(); });
for (const group of Object.keys(GROUPS)) byId("k-" + group).addEventListener("change", draw);
window.addEventListener("hashchange", arrive);
window.addEventListener("resize", move);

svg.removeAttribute("viewBox");
begin();
arrive();
document.body.dataset.ready = "1";
"""
