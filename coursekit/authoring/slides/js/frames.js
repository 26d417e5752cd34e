// ---- Explorers: pages of their own in frames, shown larger than they were made.

const SIZES_OF_FRAMES = [1.4, 1.34, 1.2, 1.05, 0.9, 0.75]; // times 12 px, the smallest letters inside

// The page inside takes the room that it is given; its script draws the grids smaller until all fits.
// Where that is not enough, the next size is tried.
function enlarge(frame, by = SIZES_OF_FRAMES[0]) {
  const {clientWidth, clientHeight} = frame.parentElement;
  frame.dataset.by = by;
  frame.style.width = `${clientWidth / by}px`;
  frame.style.height = `${clientHeight / by}px`;
  frame.style.transform = `scale(${by})`;
  if (!frame.srcdoc) frame.srcdoc = frame.dataset.page; // now, as a frame that is moved starts anew
}

function settle(frame, fits) {
  const next = SIZES_OF_FRAMES[SIZES_OF_FRAMES.indexOf(Number(frame.dataset.by)) + 1];
  if (fits || !next) frame.dataset.settled = fits ? "yes" : "no";
  else enlarge(frame, next);
}

const frameOf = (source) => [...stage.querySelectorAll("iframe")].find((f) => f.contentWindow === source);

addEventListener("message", ({source, data}) => {
  const frame = source && frameOf(source);
  if (!frame) return;
  if (data?.key) KEYS[data.key]?.();
  // what was measured at the size before says nothing about this one
  const current = Math.abs(data?.wide - frame.clientWidth) <= 1;
  if (data?.fits !== undefined && current && !frame.dataset.settled) settle(frame, data.fits);
});
