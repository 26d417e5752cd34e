// ---- Going through the slides.

// What comes together has one number.
const steps = (slide) => {
  const all = [...slide.querySelectorAll(".step")];
  const numbers = [...new Set(all.map((s) => Number(s.dataset.step)))].sort((a, b) => a - b);
  return numbers.map((number) => all.filter((s) => Number(s.dataset.step) === number));
};
const isSeen = (step) => step[0].classList.contains("seen");
const see = (step, seen) => step.forEach((part) => part.classList.toggle("seen", seen));

function show(place, {all = false, seen = all ? Infinity : 0} = {}) {
  now = Math.max(0, Math.min(slides.length - 1, place));
  fit(slides[now]);
  const overview = document.body.classList.contains("overview");
  slides.forEach((slide, i) => {
    slide.classList.toggle("now", i === now);
    slide.classList.toggle("next", i === now + 1);
    slide.inert = i !== now && !overview;
  });
  steps(slides[now]).forEach((step, i) => see(step, i < seen));
  document.getElementById("progress").style.width = `${(100 * (now + 1)) / slides.length}%`;
  document.getElementById("said").textContent = "Slide " + slides[now].getAttribute("aria-label");
  history.replaceState(null, "", `#/${now + 1}`);
  if (document.activeElement !== stage) stage.focus({preventScroll: true});
  tell();
}

function next() {
  const step = steps(slides[now]).find((s) => !isSeen(s));
  if (step) { see(step, true); tell(); } else if (now + 1 < slides.length) show(now + 1);
}

function back() {
  const step = steps(slides[now]).reverse().find(isSeen);
  if (step) { see(step, false); tell(); } else if (now > 0) show(now - 1, {all: true});
}

// "#/7", "#7" and "#sliding-window" name a slide; null where none has that name.
function linked(hash = location.hash) {
  const name = decodeURIComponent(hash.replace(/^#\/?/, ""));
  const at = /^\d+$/.test(name) ? Number(name) - 1 : slides.findIndex((slide) => slide.id === name);
  return name && at >= 0 && at < slides.length ? at : null;
}

function overview() {
  const on = document.body.classList.toggle("overview");
  slides.forEach(fit);
  resize();
  show(now, {all: true});
  if (on) slides[now].scrollIntoView({block: "center"});
}

function resize() {
  const by = Math.min(innerWidth / 1280, innerHeight / 720);
  const [x, y] = [(innerWidth - 1280 * by) / 2, (innerHeight - 720 * by) / 2];
  const asItIs = document.body.matches(".overview, .speaker");
  stage.style.transform = asItIs ? "" : `translate(${x}px, ${y}px) scale(${by})`;
}

function fullscreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen?.();
}

function escape() {
  if (document.body.classList.contains("overview")) overview();
  document.body.classList.remove("black");
  help.close();
  stage.focus({preventScroll: true});
}

const black = () => document.body.classList.toggle("black");
const keys = () => help.showModal();
const KEYS = {
  ArrowRight: next, ArrowDown: next, PageDown: next, " ": next, n: next,
  ArrowLeft: back, ArrowUp: back, PageUp: back, p: back, Backspace: back,
  Home: () => show(0), End: () => show(slides.length - 1), Escape: escape,
  o: overview, s: openSpeaker, f: fullscreen, b: black, ".": black, "?": keys, h: keys,
};
const CLICKER = ["PageDown", "PageUp"];

// Whether the key did something.
function act({key: name, shiftKey}) {
  if (name >= "0" && name <= "9") { typed += name; return false; }
  const goes = name === "Enter" && typed ? Number(typed) - 1 : null;
  typed = "";
  const key = name.length === 1 ? name.toLowerCase() : name;
  const act = shiftKey && key === " " ? back : KEYS[key];
  if (goes !== null) {
    if (document.body.classList.contains("overview")) overview();
    show(goes);
  } else if (name === "Enter" && document.body.classList.contains("overview")) overview();
  else if (act) act();
  else return false;
  return true;
}

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (help.open && !CLICKER.includes(event.key)) return;
  help.close();
  const mine = document.body.classList.contains("speaker") ? report(event) : act(event);
  if (mine) event.preventDefault();
}

// A finger that moves to the left goes on.
let touched = null;

function touch(event) {
  touched = event.touches.length === 1 ? event.touches[0] : null;
}

function lift(event) {
  if (!touched || document.body.classList.contains("overview")) return;
  const {clientX, clientY} = event.changedTouches[0];
  const [x, y] = [clientX - touched.clientX, clientY - touched.clientY];
  touched = null;
  if (Math.abs(x) > 50 && Math.abs(x) > 2 * Math.abs(y)) (x < 0 ? next : back)();
}
