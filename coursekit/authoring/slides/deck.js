"use strict";
const stage = document.getElementById("stage");
const slides = [...stage.querySelectorAll(".slide")];
const help = document.getElementById("help");
let now = 0;
let typed = "";
let speaker = null;

// ---- Fitting: for each slide the roomiest arrangement in which everything has its place.

const SIZES = [ // prose, code, printed text, gap, in px; how good it is to read from the back row
  [28, 24, 24, 20, 1.0], [26, 22, 22, 18, 0.97], [24, 22, 20, 16, 0.92], [22, 22, 18, 14, 0.84],
  [21, 22, 16, 12, 0.7], [20, 22, 15, 10, 0.6], [20, 22, 14, 8, 0.5],
];
const COLUMNS = ["560px", "450px", "690px", "340px"]; // how wide the left one is
const LARGEST = 1.9; // times the size that a figure has in a notebook
const ENOUGH = 1.4; // beyond it, larger text is better than a larger figure
const fitted = new Set();
const is = (name) => (block) => block.classList.contains(name);
const drawn = (block) => is("figure")(block) || is("live")(block);

// `even` leaves the heading above both columns, as an exercise's needs the width.
function arrangements(blocks, even) {
  const found = [{right: []}];
  const pictures = blocks.filter(drawn);
  if (pictures.length && pictures.length < blocks.length) {
    for (const left of COLUMNS) found.push({right: pictures, left, even});
  }
  const last = blocks.filter((b) => drawn(b) || is("output")(b));
  if (last.length > pictures.length && last.length < blocks.length) {
    for (const left of COLUMNS) found.push({right: last, left, even});
  }
  for (let place = 1; place < blocks.length; place++) {
    found.push({right: blocks.slice(place), left: COLUMNS[0], even: true});
  }
  return found;
}

function arrange(slide, blocks, {right, left, even = false}, size) {
  const body = slide.querySelector(".body");
  const names = ["--prose", "--mono", "--printed", "--gap"];
  names.forEach((name, i) => slide.style.setProperty(name, size[i] + "px"));
  slide.classList.toggle("split", right.length > 0);
  slide.classList.toggle("even", even);
  slide.style.setProperty("--left", left ?? "");
  const columns = [blocks.filter((block) => !right.includes(block)), right];
  body.replaceChildren(...columns.filter((c) => c.length).map((blocksOfOne) => {
    const column = document.createElement("div");
    column.className = "column";
    column.append(...blocksOfOne);
    return column;
  }));
}

// How far the arrangement misses: 0 where all fits.
function excess(slide) {
  const body = slide.querySelector(".body");
  let most = 0;
  for (const column of body.children) {
    const limit = column.getBoundingClientRect();
    for (const block of column.children) {
      const box = block.getBoundingClientRect();
      most = Math.max(most, box.bottom - limit.bottom, box.right - limit.right);
      if (!drawn(block)) most = Math.max(most, block.scrollWidth - block.clientWidth);
    }
    for (const formula of column.querySelectorAll(".formula")) {
      most = Math.max(most, formula.getBoundingClientRect().right - limit.right);
    }
  }
  return most > 1 ? most : 0;
}

const natural = (image) => [Number(image.getAttribute("width")) || image.naturalWidth,
  Number(image.getAttribute("height")) || image.naturalHeight];

// The smallest scale of a figure; an explorer wants 560 px each way.
function scale(slide) {
  let least = LARGEST;
  for (const figure of slide.querySelectorAll(".figure")) {
    const [width, height] = natural(figure.querySelector("img"));
    least = Math.min(least, figure.clientWidth / width, figure.clientHeight / height);
  }
  for (const live of slide.querySelectorAll(".live")) {
    least = Math.min(least, live.clientWidth / 700, live.clientHeight / 520);
  }
  return least;
}

function place(slide) {
  for (const figure of slide.querySelectorAll(".figure")) {
    const image = figure.querySelector("img");
    const [width, height] = natural(image);
    const by = Math.min(LARGEST, figure.clientWidth / width, figure.clientHeight / height);
    image.style.width = `${Math.floor(width * by)}px`;
    image.style.height = `${Math.floor(height * by)}px`;
    slide.dataset.scale = Math.min(slide.dataset.scale ?? LARGEST, by).toFixed(2);
  }
}

// The scale that the figures could have if they were alone on the slide.
function possible(slide) {
  const sizes = [...slide.querySelectorAll(".figure img")].map(natural);
  return Math.min(ENOUGH, ...sizes.map(([width, height]) => Math.min(1168 / width, 632 / height)));
}

function fit(slide) {
  if (fitted.has(slide)) return;
  fitted.add(slide);
  const limit = possible(slide);
  const even = slide.querySelector(".badge") !== null;
  const blocks = [...slide.querySelector(".body").children];
  for (const image of slide.querySelectorAll(".figure img")) image.style.width = image.style.height = "0";
  let best = null;
  for (const size of SIZES) {
    if (best && best.score >= size[4] * limit * 0.97) break;
    for (const way of arrangements(blocks, even)) {
      arrange(slide, blocks, way, size);
      const missing = excess(slide);
      const plain = way.even && !even ? 0.9 : way.right.length ? 0.98 : 1; // one column, if it is as good
      const score = missing ? -missing : size[4] * Math.min(ENOUGH, scale(slide)) * plain;
      if (!best || score > best.score) best = {score, way, size};
    }
  }
  arrange(slide, blocks, best.way, best.size);
  place(slide);
  slide.querySelectorAll("iframe").forEach((frame) => enlarge(frame));
}

// A page in a frame is as large as its place allows: it starts at 1.5 times and gives way.
function enlarge(frame, {asks, has} = {}) {
  const by = Number(frame.dataset.by ?? 1.5);
  const fits = !asks || (asks[0] <= has[0] + 1 && asks[1] <= has[1] + 1);
  if (asks && (fits || by <= 0.7)) { frame.dataset.settled = fits ? "yes" : "no"; return; }
  frame.dataset.by = asks ? (by - 0.1).toFixed(1) : by;
  const place = frame.parentElement;
  frame.style.width = `${place.clientWidth / frame.dataset.by}px`;
  frame.style.height = `${place.clientHeight / frame.dataset.by}px`;
  frame.style.transform = `scale(${frame.dataset.by})`;
  if (!asks) frame.srcdoc = frame.dataset.page; // now, as a frame that is moved starts anew
}

// One slide at a time, so that the first can be shown at once.
function fitRest() {
  const slide = slides.find((s) => !fitted.has(s));
  if (!slide) { document.documentElement.dataset.ready = "yes"; return; }
  fit(slide);
  setTimeout(fitRest);
}

// ---- Going through the slides.

const steps = (slide) => [...slide.querySelectorAll(".step")];

function show(place, {all = false} = {}) {
  now = Math.max(0, Math.min(slides.length - 1, place));
  fit(slides[now]);
  slides.forEach((slide, i) => {
    slide.classList.toggle("now", i === now);
    slide.inert = i !== now && !document.body.classList.contains("overview");
  });
  steps(slides[now]).forEach((step) => step.classList.toggle("seen", all));
  document.getElementById("progress").style.width = `${(100 * (now + 1)) / slides.length}%`;
  document.getElementById("said").textContent = "Slide " + slides[now].getAttribute("aria-label");
  history.replaceState(null, "", `#${now + 1}`);
  if (!stage.contains(document.activeElement) || document.activeElement !== stage) stage.focus({preventScroll: true});
  tell();
}

function next() {
  const step = steps(slides[now]).find((s) => !s.classList.contains("seen"));
  if (step) { step.classList.add("seen"); tell(); } else if (now + 1 < slides.length) show(now + 1);
}

function back() {
  const step = steps(slides[now]).reverse().find((s) => s.classList.contains("seen"));
  if (step) { step.classList.remove("seen"); tell(); } else if (now > 0) show(now - 1, {all: true});
}

function overview() {
  const on = document.body.classList.toggle("overview");
  resize();
  show(now, {all: true});
  if (on) slides[now].scrollIntoView({block: "center"});
}

function resize() {
  const by = Math.min(innerWidth / 1280, innerHeight / 720);
  const [x, y] = [(innerWidth - 1280 * by) / 2, (innerHeight - 720 * by) / 2];
  stage.style.transform = document.body.classList.contains("overview") ? "" : `translate(${x}px, ${y}px) scale(${by})`;
}

function fullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

function escape() {
  if (document.body.classList.contains("overview")) overview();
  document.body.classList.remove("black");
  stage.focus({preventScroll: true});
}

const KEYS = {
  ArrowRight: next, ArrowDown: next, PageDown: next, " ": next, n: next,
  ArrowLeft: back, ArrowUp: back, PageUp: back, p: back, Backspace: back,
  Home: () => show(0), End: () => show(slides.length - 1), Escape: escape,
  o: overview, s: openSpeaker, f: fullscreen, b: () => document.body.classList.toggle("black"),
  ".": () => document.body.classList.toggle("black"), "?": () => help.showModal(), h: () => help.showModal(),
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  if (event.key >= "0" && event.key <= "9") { typed += event.key; return; }
  const goes = event.key === "Enter" && typed ? Number(typed) - 1 : null;
  typed = "";
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const act = event.shiftKey && key === " " ? back : KEYS[key];
  if (goes !== null) {
    if (document.body.classList.contains("overview")) overview();
    show(goes);
  } else if (event.key === "Enter" && document.body.classList.contains("overview")) overview();
  else if (act) act();
  else return;
  event.preventDefault();
}

// ---- The speaker's window: written from here, so that it works from a file.

function openSpeaker() {
  if (speaker && !speaker.closed) { speaker.focus(); return; }
  speaker = window.open("", "speaker", "width=1100,height=760");
  if (!speaker) return;
  const page = speaker.document;
  page.title = "Speaker: " + document.title;
  page.head.replaceChildren(...[...document.querySelectorAll("head style")].map((s) => page.importNode(s, true)));
  const own = page.createElement("style");
  own.textContent = `
    html, body { overflow: auto; background: #fff; }
    body { display: grid; grid-template-columns: 660px minmax(0, 1fr); gap: 16px 24px; padding: 16px; height: auto; font-size: 20px; }
    .frame { position: relative; width: 640px; height: 360px; border: 1px solid #888; overflow: hidden; }
    .frame.small { width: 384px; height: 216px; }
    .frame .slide { visibility: visible; transform: scale(.5); transform-origin: 0 0; }
    .frame.small .slide { transform: scale(.3); }
    .notes { grid-column: 1; font-size: 20px; line-height: 1.4; } .notes .prose { font-size: 20px; }
    .time { font-weight: bold; } #clock { font-size: 40px; margin: 0; } #plan { margin: 0; }
    h3 { margin: 0 0 6px; font-size: 16px; color: #5d5967; }`;
  page.head.append(own);
  page.body.innerHTML = `<div><h3 id="which"></h3><div class="frame" id="this"></div></div>
    <div><h3>Next</h3><div class="frame small" id="next"></div><p id="clock" role="timer"></p><p id="plan"></p>
    <button id="restart">Start the clock again</button></div><div class="notes" id="notes"></div>`;
  page.addEventListener("keydown", pressed);
  page.getElementById("restart").addEventListener("click", () => { began = Date.now(); tick(); });
  began = Date.now();
  tell();
}

let began = 0;

function copyOf(slide, all) {
  const copy = speaker.document.importNode(slide, true);
  copy.querySelectorAll(".notes").forEach((n) => n.remove());
  copy.removeAttribute("id");
  copy.inert = true;
  if (all) steps(copy).forEach((s) => s.classList.add("seen"));
  return copy;
}

function tell() {
  if (!speaker || speaker.closed) return;
  const page = speaker.document;
  page.getElementById("which").textContent = `Slide ${now + 1} of ${slides.length}`;
  page.getElementById("this").replaceChildren(copyOf(slides[now], false));
  const after = slides[now + 1];
  page.getElementById("next").replaceChildren(...(after ? [copyOf(after, true)] : []));
  const notes = slides[now].querySelector(".notes");
  page.getElementById("notes").replaceChildren(...[...notes.children].map((n) => page.importNode(n, true)));
  tick();
}

function tick() {
  if (!speaker || speaker.closed) return;
  const seconds = Math.floor((Date.now() - began) / 1000);
  const due = Number(slides[now].dataset.begins) + Number(slides[now].dataset.minutes);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  speaker.document.getElementById("clock").textContent = clock;
  speaker.document.getElementById("plan").textContent = `The plan leaves this slide at ${Math.floor(due)}:${due % 1 ? "30" : "00"}.`;
}

// ---- Start.

addEventListener("keydown", pressed);
addEventListener("resize", resize);
addEventListener("hashchange", () => show(Number(location.hash.slice(1)) - 1));
addEventListener("message", (event) => {
  const frame = [...stage.querySelectorAll("iframe")].find((f) => f.contentWindow === event.source);
  if (frame && event.data?.key) KEYS[event.data.key]?.();
  if (frame && event.data?.asks) enlarge(frame, event.data);
});
stage.addEventListener("click", (event) => {
  if (!document.body.classList.contains("overview")) return;
  const chosen = slides.indexOf(event.target.closest(".slide"));
  overview();
  if (chosen >= 0) show(chosen);
});
setInterval(tick, 1000);
resize();
document.fonts.ready.then(async () => {
  await Promise.all([...document.fonts].map((face) => face.load()));
  show((Number(location.hash.slice(1)) || 1) - 1);
  fitRest();
});
