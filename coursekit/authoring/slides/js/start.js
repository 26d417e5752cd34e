// ---- Start.

const asked = new URLSearchParams(location.search);

// For paper: everything laid out and there, and notes below their slides where they are wanted.
function prepare() {
  slides.forEach(fit);
  if (!asked.has("notes") || document.body.classList.contains("with-notes")) return;
  document.body.classList.add("with-notes");
  for (const slide of slides) {
    const notes = slide.querySelector(".notes");
    notes.hidden = false;
    slide.after(notes);
  }
}

addEventListener("keydown", pressed);
addEventListener("resize", resize);
addEventListener("hashchange", () => show(linked() ?? now));
addEventListener("beforeprint", prepare);
stage.addEventListener("touchstart", touch, {passive: true});
stage.addEventListener("touchend", lift);
stage.addEventListener("click", (event) => {
  if (!document.body.classList.contains("overview")) return;
  const chosen = slides.indexOf(event.target.closest(".slide"));
  overview();
  if (chosen >= 0) show(chosen);
});
document.fonts.ready.then(async () => {
  await Promise.all([...document.fonts].map((face) => face.load()));
  await Promise.all([...stage.querySelectorAll("img")].map((image) => image.decode().catch(() => {})));
  if (asked.has("speaker") && opener) speak();
  resize();
  if (!document.body.classList.contains("speaker")) show(linked() ?? 0);
  fitRest();
});
