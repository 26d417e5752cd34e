// ---- Fitting: for each slide the roomiest arrangement in which everything has its place.

const SIZES = [ // prose, code, printed text, gap, in px; how good it is to read from the back row
  [28, 24, 24, 20, 1.0], [26, 22, 22, 18, 0.97], [24, 22, 20, 16, 0.92], [22, 22, 18, 14, 0.84],
  [21, 22, 17, 12, 0.7], [20, 22, 16, 10, 0.6], [18, 20, 16, 8, 0.4],
];
const COLUMNS = ["560px", "450px", "690px", "340px"]; // how wide the left one is
const SMALLEST = 16; // px of the letters in a figure
const LARGEST = 1.9; // times the size that a figure has in a notebook
const ENOUGH = 1.45; // beyond it, larger text is better than a larger figure
const UNREADABLE = 0.1; // as good as that, beside one that can be read
const EXPLORER = [1000, 460]; // px that it takes to be as good as a figure of its own size
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
    // beside a picture any width may be the one in which its letters can be read
    for (const left of pictures.length ? COLUMNS : COLUMNS.slice(0, 1)) {
      found.push({right: blocks.slice(place), left, even: true});
    }
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

// As wide as the notebook shows it, and in the picture's own proportions.
const natural = (image) => {
  const width = Number(image.getAttribute("width")) || image.naturalWidth;
  return [width, width * image.naturalHeight / image.naturalWidth];
};
const enough = (image) => SMALLEST / (Number(image.dataset.letters) || 12);

const scaleOf = (figure, image) => {
  const [width, height] = natural(image);
  return Math.min(LARGEST, figure.clientWidth / width, figure.clientHeight / height);
};

// How large the smallest figure is, where 1 is as large as in a notebook; where its letters become
// too small to be read, any other arrangement is better.
function scale(slide) {
  let least = LARGEST;
  for (const figure of slide.querySelectorAll(".figure")) {
    const image = figure.querySelector("img"), by = scaleOf(figure, image);
    least = Math.min(least, by < .994 * enough(image) ? UNREADABLE * by : by);
  }
  for (const live of slide.querySelectorAll(".live")) {
    least = Math.min(least, live.clientWidth / EXPLORER[0], live.clientHeight / EXPLORER[1]);
  }
  return least;
}

function place(slide) {
  for (const figure of slide.querySelectorAll(".figure")) {
    const image = figure.querySelector("img"), [width, height] = natural(image);
    const by = scaleOf(figure, image);
    image.style.width = `${width * by}px`;
    image.style.height = `${height * by}px`;
    image.dataset.scale = by.toFixed(3);
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

// One slide at a time, so that the first can be shown at once.
function fitRest() {
  const slide = slides.find((s) => !fitted.has(s));
  if (!slide) { document.documentElement.dataset.ready = "yes"; return; }
  fit(slide);
  setTimeout(fitRest);
}
