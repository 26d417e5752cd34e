// ---- The speaker's window: this file once more, told by the first where it is.
//
// A file has no origin that two windows could share, so neither may look into the other. They send
// messages: the speaker's window says every second that it is there, and so finds the slides again
// after either was loaded anew.

let speaker = null; // the window that was last heard of
let began = Date.now();

function openSpeaker() {
  const address = location.href.replace(/[?#].*$/, "") + "?speaker";
  speaker = window.open(address, "speaker", "width=1120,height=800");
}

// From the slides to the speaker.
function tell() {
  if (document.body.classList.contains("speaker")) return;
  speaker?.postMessage({deck: "at", place: now, seen: steps(slides[now]).filter(isSeen).length}, "*");
}

// From the speaker to the slides.
const hello = () => opener?.postMessage({deck: "hello"}, "*");

function report({key, shiftKey}) {
  opener?.postMessage({deck: "key", key, shiftKey}, "*");
  return key in KEYS;
}

addEventListener("message", ({source, data}) => {
  if (!source || frameOf(source)) return;
  const speaks = document.body.classList.contains("speaker");
  if (speaks && source === opener && data?.deck === "at") follow(data);
  if (speaks || source === window) return;
  if (data?.deck === "hello") { const known = speaker === source; speaker = source; if (!known) tell(); }
  if (data?.deck === "key" && source === speaker) act(data);
});

function follow({place, seen}) {
  show(place, {seen});
  const after = slides[now + 1];
  if (after) { fit(after); steps(after).forEach((step) => see(step, true)); }
  document.getElementById("which").textContent = `Slide ${now + 1} of ${slides.length}`;
  const notes = [...slides[now].querySelector(".notes").children];
  document.getElementById("notes").replaceChildren(...notes.map((n) => n.cloneNode(true)));
  tick();
}

function tick() {
  const seconds = Math.floor((Date.now() - began) / 1000);
  const due = Number(slides[now].dataset.begins) + Number(slides[now].dataset.minutes);
  const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  document.getElementById("clock").textContent = clock;
  document.getElementById("plan").textContent = `The plan leaves this slide at ${Math.floor(due)}:${due % 1 ? "30" : "00"}.`;
}

function speak() {
  document.body.classList.add("speaker");
  document.title = "Speaker: " + document.title;
  document.getElementById("desk").hidden = false;
  document.getElementById("restart").onclick = () => { began = Date.now(); tick(); };
  follow({place: linked() ?? 0, seen: 0});
  hello();
  setInterval(() => { hello(); tick(); }, 1000);
}
