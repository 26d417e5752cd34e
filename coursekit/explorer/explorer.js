// The convolution explorer: input | kernel and lens | output. It computes everything itself and
// imports nothing, so it works offline and without a kernel.

// ---- Arithmetic, equal to torch.nn.functional ----
// A state s: image_data and kernel_data with image_shape [C, H, W] and kernel_shape [F, C, kH, kW],
// bias_data (F), stride, padding and dilation [height, width], mode "conv", "max" or "average".

// Along axis 0 (rows) or 1 (columns): pixels, taps, step, pixels covered, room for steps.
function along(s, axis) {
  const n = s.image_shape[axis + 1], k = s.kernel_shape[axis + 2], step = s.stride[axis];
  const covers = s.dilation[axis] * (k - 1) + 1, padded = n + 2 * s.padding[axis];
  const room = padded - covers;
  return { n, k, step, covers, padded, room, size: Math.floor(room / step) + 1, left: room % step };
}

// The window of an output: for each tap its place in the input, or -1 in the padding.
export function places(s, row, column) {
  const [, H, W] = s.image_shape, [, , kH, kW] = s.kernel_shape, found = [];
  for (let i = 0; i < kH; i++) {
    const y = row * s.stride[0] - s.padding[0] + i * s.dilation[0];
    for (let j = 0; j < kW; j++) {
      const x = column * s.stride[1] - s.padding[1] + j * s.dilation[1];
      found.push(y < 0 || y >= H || x < 0 || x >= W ? -1 : y * W + x);
    }
  }
  return found;
}

// One channel as the window sees it: zeros in the padding.
export function seen(s, channel, taps) {
  const start = channel * s.image_shape[1] * s.image_shape[2];
  return taps.map((place) => (place < 0 ? 0 : s.image_data[start + place]));
}

function weights(s, filter, channel) {
  const [, C, kH, kW] = s.kernel_shape, start = (filter * C + channel) * kH * kW;
  return s.kernel_data.subarray(start, start + kH * kW);
}

function partial(s, filter, channel, taps) {
  const w = weights(s, filter, channel);
  return seen(s, channel, taps).reduce((sum, value, t) => sum + value * w[t], 0);
}

// The first of the largest wins a window; padding never does.
export function winner(values, taps) {
  let best = -1;
  for (let t = 0; t < taps.length; t++)
    if (taps[t] >= 0 && (best < 0 || values[t] > values[best])) best = t;
  return best;
}

function one(s, map, taps) {
  if (s.mode === "conv") {
    let sum = s.bias_data[map];
    for (let c = 0; c < s.image_shape[0]; c++) sum += partial(s, map, c, taps);
    return sum;
  }
  const values = seen(s, map, taps);
  if (s.mode === "max") return values[winner(values, taps)];
  return values.reduce((a, b) => a + b) / taps.length; // zeros of the padding count
}

export function compute(s) {
  const rows = along(s, 0).size, columns = along(s, 1).size;
  const maps = s.mode === "conv" ? s.kernel_shape[0] : s.image_shape[0];
  const data = new Float32Array(maps * rows * columns);
  for (let at = 0; at < rows * columns; at++) {
    const taps = places(s, Math.floor(at / columns), at % columns);
    for (let map = 0; map < maps; map++) data[map * rows * columns + at] = one(s, map, taps);
  }
  return { data, shape: [maps, rows, columns] };
}

// Why a state cannot be, or "".
export function fault(s) {
  for (const { covers, padded, n, k } of [along(s, 0), along(s, 1)]) {
    if (covers > padded) return `The window covers ${covers} pixels, the padded input has ${padded}.`;
    if (s.mode !== "conv" && padded - n > k) return `A pool takes padding of at most ${k >> 1}, half its window.`;
  }
  return "";
}

// ---- Numbers ----

const near = (value) => Math.abs(value - Math.round(value)) < 1e-5;

// As a fraction such as 1/9 where it is one, else to some digits.
export function show(value, digits = 3) {
  const under = !near(8 * value) && Math.abs(value) < 2 && [3, 6, 9, 12, 16].find((n) => near(n * value));
  const whole = Math.abs(value) >= 10 ** digits;
  const text = under ? `${Math.round(value * under)}/${under}`
    : String((whole ? Math.round(value) : +value.toPrecision(digits)) || 0);
  return text.replace("-", "−");
}

// "−1", "0.5" or "1/9" as a number, or NaN.
export function parse(text) {
  const [over, under = 1, more] = text.replace(/[−–]/g, "-").replace(",", ".").split("/");
  return over.trim() && more === undefined && isFinite(over / under) ? over / under : NaN;
}

const term = (value) => (value < 0 ? `(${show(value)})` : show(value));

function formula(s, axis) {
  const { n, k, step, room, size } = along(s, axis);
  return `⌊(${n} + 2·${s.padding[axis]} − ${s.dilation[axis]}·(${k} − 1) − 1) / ${step}⌋ + 1 = ` +
    `⌊${room}/${step}⌋ + 1 = ${size}`;
}

// ---- Pixels ----

const FRAME = "#d55e00", LINE = "#808080"; // seen on light and on dark
const PUOR = [[179, 88, 6], [253, 184, 99], [247, 247, 247], [178, 171, 210], [84, 39, 136]];
const signed = (share) => {
  const at = 2 * share + 2, low = Math.min(3, Math.floor(at));
  return PUOR[low].map((part, i) => part + (at - low) * (PUOR[low + 1][i] - part));
};
const dark = ([red, green, blue]) => 0.21 * red + 0.72 * green + 0.07 * blue < 115;

// Gray, or where much is negative orange and purple around a white zero.
function palette(data) {
  const low = Math.min(...data), high = Math.max(...data), most = Math.max(-low, high) || 1;
  return (value) => (-4 * low > high ? signed(value / most) : Array(3).fill((255 * value) / most));
}

// A grid of pixels. What moves over it is drawn on a copy.
class Pixels {
  constructor(canvas) {
    Object.assign(this, { canvas, still: document.createElement("canvas") });
  }

  // look(row, column) gives {colour, text, hatched}: 1 for padding, 2 behind the last window
  stand(rows, columns, cell, look) {
    Object.assign(this, { cell, scale: devicePixelRatio });
    const height = rows * cell + 2, width = columns * cell + 2;
    for (const canvas of [this.canvas, this.still])
      Object.assign(canvas, { height: height * this.scale, width: width * this.scale });
    this.canvas.style.width = `${width}px`;
    const pen = this.pen(this.still);
    pen.fillStyle = `${LINE}90`;
    pen.fillRect(-1, -1, width - 1, height - 1);
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++)
        this.pixel(pen, column * cell, row * cell, look(row, column));
  }

  pen(canvas) {
    const pen = canvas.getContext("2d");
    pen.setTransform(this.scale, 0, 0, this.scale, this.scale, this.scale);
    return pen;
  }

  pixel(pen, x, y, { colour, text, hatched }) {
    const { cell } = this, side = cell - (cell > 5); // a line between pixels
    pen.fillStyle = colour && `rgb(${colour})`;
    pen[colour ? "fillRect" : "clearRect"](x, y, side, side);
    if (hatched) {
      pen.strokeStyle = hatched > 1 ? FRAME : LINE;
      pen.beginPath();
      pen.moveTo(x, y + cell), pen.lineTo(x + cell, y);
      if (hatched > 1) pen.moveTo(x, y), pen.lineTo(x + cell, y + cell);
      pen.stroke();
    }
    if (!text || this.plain) return;
    pen.font = `${Math.min(14, cell * 0.5, (cell * 1.5) / text.length)}px system-ui, sans-serif`;
    pen.textAlign = "center";
    pen.fillStyle = !colour ? LINE : dark(colour) ? "#fff" : "#222";
    pen.fillText(text, x + cell / 2, y + cell * 0.66);
  }

  // The picture, and frames [row, column, rows, columns, inset] in orange on a white rim.
  paint(frames) {
    const pen = this.pen(this.canvas), { cell, scale, still } = this;
    pen.clearRect(-1, -1, still.width, still.height);
    pen.drawImage(still, -1, -1, still.width / scale, still.height / scale);
    for (const [row, column, rows = 1, columns = 1, inset = 0] of frames)
      for (const [style, width] of [["#fff", 5], [FRAME, 3]]) {
        pen.strokeStyle = style;
        pen.lineWidth = width - (inset && 1);
        pen.strokeRect(column * cell + inset, row * cell + inset,
          columns * cell - 2 * inset, rows * cell - 2 * inset);
      }
  }

  at({ clientX, clientY }) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return [clientY - top, clientX - left].map((place) => Math.floor((place - 1) / this.cell));
  }
}

// ---- The page ----

const HELP = `Arrow keys move the window, or go from weight to weight; Home and End go to the ends of a
row, Page Up and Page Down to another map, Space plays. While drawing, Enter flips the middle pixel.`;
const NO_NUMBER = "Type a number such as −1, 0.5 or 1/9.";
const STATE = ["image_data", "image_shape", "kernel_data", "kernel_shape", "bias_data", "stride",
  "padding", "dilation", "mode"];
const isData = (name) => name.endsWith("_data");

const button = (act, text, label = text) =>
  `<button type="button" data-name="${act}" aria-label="${label}">${text}</button>`;
const option = (value, text = value) => `<option value="${value}">${text}</option>`;
const pair = (name) => `<span data-name="${name}">${name} ${["height", "width"].map((side, axis) =>
  `<input type="number" data-pair="${name}" data-axis="${axis}" max="9"
    min="${+(name !== "padding")}" aria-label="${name}, ${side}">`).join("×")}</span>`;
// A grid is one tab stop; what its window sees is told by the status below.
const grid = (name, id) =>
  `<div class="ck-grid" role="application" tabindex="0" data-grid="${name}" aria-describedby="${id}"></div>`;

const page = (id) => `<div class="ck-controls" role="group" aria-label="settings">
  <select data-name="mode" aria-label="operation">${option("conv", "convolution")}
    ${option("max", "max pooling")}${option("average", "average pooling")}</select>
  <select data-name="preset" aria-label="a kernel by name"></select>
  ${["stride", "padding", "dilation"].map(pair).join("")}
  ${button("draw", "draw")}${button("predict", "predict")}
  <span data-name="play">${button("back", "◂", "one step back")}${button("start", "▶", "play")}
    ${button("on", "▸", "one step on")}<input type="range" aria-label="position"></span>
  ${button("reset", "reset")}</div>
<div class="ck-board">${grid("input", id)}<div class="ck-lens"></div>${grid("output", id)}
  <svg aria-hidden="true"><path /></svg></div>
<p class="ck-sum"></p>
<form><label>your answer <input inputmode="decimal"></label> <button>check</button></form>
<p class="ck-small" data-name="size"></p><p class="ck-small ck-key"></p>
<details class="ck-small"><summary>Keys</summary><span id="${id}">${HELP}</span></details>
<div class="ck-unseen" role="status"></div>`;

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const floats = ({ buffer, byteOffset: from, byteLength }) =>
  new Float32Array(buffer.slice(from, from + byteLength));
const clamp = (at, count) => Math.max(0, Math.min(count - 1, at));

function render({ model, el }) {
  const root = document.createElement("div"), get = (name) => model.get(name);
  root.className = "ck";
  root.innerHTML = page(`ck${Math.random().toString(36).slice(2)}`);
  el.append(root);
  const find = (name) => root.querySelector(name), all = (name) => [...root.querySelectorAll(name)];
  const [board, lens, sum, live, scrub, mode, preset] = [".ck-board", ".ck-lens", ".ck-sum",
    "[role=status]", "[type=range]", "[data-name=mode]", "[data-name=preset]"].map(find);
  const [input, output] = ["input", "output"].map((name) => ({ element: find(`[data-grid=${name}]`) }));
  let s, out, axes, cursor, width, blocks, built, drawing = false, ink, known, tried;
  let timer, resting, sending, waiting;

  function read() {
    s = Object.fromEntries(STATE.map((name) => [name, isData(name) ? floats(get(name)) : get(name)]));
    cursor = get("cursor");
  }

  // Tells Python; without a kernel, nobody.
  function send(changes) {
    sending = true;
    for (const name of Object.keys(changes))
      model.set(name, isData(name) ? new DataView(changes[name].slice().buffer) : changes[name]);
    sending = false;
    model.save_changes();
  }

  // Takes what can be, and says why where it cannot.
  function change(changes) {
    const wrong = fault({ ...s, ...changes });
    if (!wrong) send((s = { ...s, ...changes }));
    refresh();
    if (wrong) say(wrong);
  }

  const say = (words) => (live.textContent = sum.textContent = words);
  const index = () => (cursor[0] * out.shape[1] + cursor[1]) * out.shape[2] + cursor[2];
  const secret = () => get("predict") && !known.has(index());
  const conv = () => s.mode === "conv";

  // -- After any change but a move --

  function refresh() {
    [out, axes, known, tried] = [compute(s), [along(s, 0), along(s, 1)], new Set(), new Set()];
    width = root.clientWidth;
    cursor = cursor.map((at, axis) => clamp(at, out.shape[axis]));
    buildLens();
    settings();
    hang(input, s.image_shape[0]);
    hang(output, out.shape[0]);
    fillWeights();
    redo();
  }

  function redo() {
    out = compute(s);
    paintInput();
    paintOutput();
    paint();
  }

  function settings() {
    for (const element of all("[data-name]"))
      element.hidden = get("hidden").includes(element.dataset.name) || (element === preset && !conv());
    for (const element of all("[data-pair]")) element.value = s[element.dataset.pair][element.dataset.axis];
    mode.value = s.mode;
    preset.innerHTML = option("", "a kernel …") + Object.keys(get("presets")).map((name) => option(name)).join("");
    find("[data-name=predict]").ariaPressed = String(get("predict"));
    find("[data-name=draw]").ariaPressed = String(drawing);
    scrub.max = out.shape[1] * out.shape[2] - 1;
    const [rows, columns] = [formula(s, 0), formula(s, 1)];
    find("[data-name=size]").textContent = `rows${rows === columns ? " and" : `: ${rows}\n`} columns: ${columns}`;
  }

  // The lens, with the weights in it: a block for each channel, or the one that a pool looks at.
  function buildLens() {
    const [, C, kH, kW] = s.kernel_shape, wanted = String([conv(), C, kH, kW]);
    if (built === wanted) return;
    built = wanted;
    const weight = (t) => `<input class="ck-weight" tabindex="-1" inputmode="decimal"
      aria-label="weight row ${Math.floor(t / kW)}, column ${t % kW}">`;
    const cell = (_, t) => `<span><small></small>${conv() ? weight(t) : ""}<b></b></span>`;
    const block = `<figure><figcaption></figcaption><div class="ck-table" role="group"
      style="grid-template-columns: repeat(${kW}, 1fr)">${Array.from({ length: kH * kW }, cell).join("")}
      </div></figure>`;
    lens.innerHTML = block.repeat(conv() ? C : 1);
    blocks = all(".ck-lens figure").map(({ firstChild, lastChild }) =>
      ({ title: firstChild, table: lastChild, cells: [...lastChild.children] }));
    roving(find(".ck-weight"));
  }

  const roving = (chosen) => all(".ck-weight").forEach((cell) => (cell.tabIndex = cell === chosen ? 0 : -1));

  function fillWeights() {
    const most = Math.max(...s.kernel_data.map(Math.abs)) || 1;
    for (const [c, { cells }] of conv() ? blocks.entries() : [])
      weights(s, cursor[0], c).forEach((value, t) => {
        const field = cells[t].children[1], colour = signed(value / most);
        if (Math.fround(parse(field.value)) !== value) field.value = show(value, 4);
        field.ariaInvalid = "false";
        Object.assign(field.style, { background: `rgb(${colour})`, color: dark(colour) ? "#fff" : "#222" });
      });
  }

  // A canvas for each channel or map.
  function hang(grid, count) {
    grid.element.innerHTML = "<figure><figcaption></figcaption><canvas></canvas></figure>".repeat(count);
    grid.panels = [...grid.element.children].map(({ firstChild, lastChild }) =>
      ({ title: firstChild, pixels: new Pixels(lastChild) }));
  }

  // Pixels of input and output are equally large, as large as the width allows.
  function stand({ element, panels }, word, [count, H, W], rows, columns, look) {
    const room = (width || 900) - lens.offsetWidth - 64, tall = axes[0].padded * s.image_shape[0];
    const cell = clamp(Math.min(room / (axes[1].padded + out.shape[2]), Math.max(510 / tall, 4)), 35);
    panels.forEach(({ pixels, title }, which) => {
      title.textContent = `${word}${count > 1 ? ` ${which}` : ""}, ${H}×${W}`;
      pixels.plain = Math.max(H, W) > 12; // has no numbers
      pixels.stand(rows, columns, Math.floor(cell) || 1, (row, column) => look(which, row, column));
    });
    element.ariaLabel = `${word}, ${count} × ${H} × ${W}`;
  }

  function paintInput() {
    const [, H, W] = s.image_shape, [rows, columns] = axes, colour = palette(s.image_data);
    stand(input, "input", s.image_shape, rows.padded, columns.padded, (which, row, column) => {
      const y = row - s.padding[0], x = column - s.padding[1];
      const behind = row >= rows.padded - rows.left || column >= columns.padded - columns.left;
      if (y < 0 || y >= H || x < 0 || x >= W)
        return { text: s.mode !== "max" && "0", hatched: 1 + behind };
      const value = s.image_data[(which * H + y) * W + x];
      return { colour: colour(value), text: show(value), hatched: 2 * behind };
    });
    find(".ck-key").textContent = "black 0 and less; in colour: orange −, white 0, purple +" +
      (s.padding.some(Boolean) ? " · hatched: padding" : "") + (rows.left + columns.left
        ? ` · crossed: behind the last window, rows: ${rows.left}, columns: ${columns.left}` : "");
  }

  function paintOutput() {
    const [, rows, columns] = out.shape, colour = palette(out.data);
    stand(output, conv() ? "output" : "pooled", out.shape, rows, columns, (which, row, column) => {
      const at = (which * rows + row) * columns + column, value = out.data[at];
      if (get("predict") && !known.has(at)) return { text: "?", hatched: 1 };
      return { colour: colour(value), text: show(value) };
    });
  }

  function move(to) {
    const before = cursor[0];
    cursor = to.map((at, axis) => clamp(at, out.shape[axis]));
    if (cursor[0] !== before) fillWeights();
    paint();
    clearTimeout(resting);
    resting = setTimeout(() => { // the window has come to rest
      live.textContent = sum.textContent;
      if (String(get("cursor")) !== String(cursor)) send({ cursor });
    }, 200);
  }

  function paint() {
    const [map, row, column] = cursor, taps = places(s, row, column), kW = s.kernel_shape[3];
    const top = row * s.stride[0], left = column * s.stride[1];
    const tap = (t) => [top + Math.floor(t / kW) * s.dilation[0], left + (t % kW) * s.dilation[1], 1, 1, 3];
    const values = seen(s, conv() ? 0 : map, taps), ends = [...taps.keys()].filter((t) => taps[t] >= 0);
    const best = s.mode === "max" ? [winner(values, taps)] : ends;
    const frames = conv() && Math.max(...s.dilation) < 2 || secret() ? [] : best.map(tap);
    frames.push([top, left, axes[0].covers, axes[1].covers]);
    input.panels.forEach(({ pixels }, which) => pixels.paint(conv() || which === map ? frames : []));
    output.panels.forEach(({ pixels }, which) => pixels.paint(which === map ? [[row, column]] : []));
    look(taps);
    route(conv() || secret() ? [] : best.map(tap));
    scrub.value = row * out.shape[2] + column;
  }

  // The lens and the sentence.
  function look(taps) {
    const veiled = secret() && !tried.has(index()), max = s.mode === "max", several = s.kernel_data.length > taps.length;
    blocks.forEach(({ cells, title, table }, i) => {
      const c = conv() ? i : cursor[0], values = seen(s, c, taps), w = conv() && weights(s, cursor[0], c);
      const best = max && !veiled ? winner(values, taps) : -1;
      cells.forEach((cell, t) => {
        const outside = taps[t] < 0, slope = outside ? 0 : max ? +(t === best) : `1/${taps.length}`;
        const [above, below] = conv() ? [`${show(values[t])} ×`, `= ${veiled ? "?" : show(values[t] * w[t])}`]
          : [veiled ? "" : `slope ${slope}`, max && outside ? "−∞" : show(values[t])];
        cell.firstChild.textContent = above;
        cell.lastChild.textContent = below;
        cell.className = outside ? "ck-padding" : t === best ? "ck-winner" : "";
      });
      table.ariaLabel = title.textContent = !conv() ? "window" : `window × kernel${several ? ` ${cursor[0]}, ${c}: ` +
        (veiled ? "?" : show(partial(s, cursor[0], c, taps), 4)) : ""}`;
    });
    find("form").hidden = !secret();
    sum.textContent = `row ${cursor[1]}, column ${cursor[2]}: ${secret() ? "what comes out?" : words(taps)}`;
  }

  function words(taps) {
    const total = show(out.data[index()], 5), C = s.image_shape[0], W = s.image_shape[2], count = taps.length;
    const values = seen(s, conv() ? 0 : cursor[0], taps), place = taps[winner(values, taps)];
    const list = (terms) => (count > 9 ? `the sum of ${count} numbers` : terms.map(term).join(" + "));
    if (s.mode === "max")
      return `the largest is ${total}, at row ${Math.floor(place / W)}, column ${place % W} of the input, ` +
        "where all of the gradient goes";
    if (s.mode === "average")
      return `(${list(values)}) / ${count} = ${total}; each pixel gets 1/${count} of the gradient`;
    const bias = s.bias_data[cursor[0]], w = weights(s, cursor[0], 0);
    const part = (c) => `channel ${c}: ${term(partial(s, cursor[0], c, taps))}`;
    return (C > 1 ? [...Array(C).keys()].map(part).join(" + ") : list(values.map((value, t) => value * w[t]))) +
      `${bias ? ` + bias ${term(bias)}` : ""} = ${total}`;
  }

  // Where the gradient goes: from the output's pixel back to the winner, or to all.
  function route(ends) {
    const [from, to] = [output, input].map(({ panels }) => panels[cursor[0]]);
    const below = ({ pixels: { canvas, cell } }, [row, column]) =>
      [canvas.offsetLeft + (column + 0.5) * cell, canvas.offsetTop + (row + 1) * cell];
    const low = board.offsetHeight + 8;
    find("path").setAttribute("d", ends.map((end) => {
      const [x0, y0] = below(from, cursor.slice(1)), [x, y] = below(to, end);
      return `M${x0} ${y0}C${x0} ${low} ${x} ${low} ${x} ${y}m-4 7l4 -7l4 7`;
    }).join(""));
  }

  // -- Pointer and pen --

  for (const grid of [input, output]) {
    const act = (event) => {
      const which = grid.panels.findIndex(({ pixels }) => pixels.canvas === event.target);
      if (which < 0) return;
      const [row, column] = grid.panels[which].pixels.at(event), down = event.type === "pointerdown";
      const nearest = (at, axis) => Math.round((at - (axes[axis].covers - 1) / 2) / s.stride[axis]);
      if (down) stop();
      if (grid === input && drawing && event.buttons)
        mark(which, row - s.padding[0], column - s.padding[1], down);
      else if (!down && get("predict")) return;
      else if (grid === output) move([which, row, column]);
      else move([conv() ? cursor[0] : which, nearest(row, 0), nearest(column, 1)]);
    };
    grid.element.onpointermove = grid.element.onpointerdown = act;
    grid.element.onpointerup = () => drawing && send(s);
  }

  // Flips the first pixel of a stroke, and gives that ink to the others.
  function mark(which, y, x, first) {
    const [, H, W] = s.image_shape, at = (which * H + y) * W + x;
    if (y < 0 || y >= H || x < 0 || x >= W) return;
    if (first) ink = +(s.image_data[at] <= 0.5);
    s = { ...s, image_data: s.image_data.with(at, ink) };
    redo();
  }

  // -- Keys: what JupyterLab needs passes, and no other, so that "d d" deletes no cell. It listens on
  // the document; this is on the window, before it. --

  function onKey(event) {
    const { key, target, shiftKey } = event, at = all(".ck-weight").indexOf(target);
    if (!root.contains(target) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "Tab" || key === "Escape" || (key === "Enter" && shiftKey)) return;
    event.stopPropagation();
    const arrow = ARROWS[key], toWeight = at >= 0 && arrow;
    if (toWeight) all(".ck-weight")[at + arrow[0] * s.kernel_shape[3] + arrow[1]]?.focus();
    if (toWeight || (target.matches(".ck-grid") && gridKey(key, arrow))) event.preventDefault();
  }

  function gridKey(key, arrow) {
    const [map, row, column] = cursor, to = arrow || { Home: [0, -column], End: [0, out.shape[2]] }[key];
    const page = out.shape[0] > 1 && { PageUp: -1, PageDown: 1 }[key], middle = (axis) =>
      cursor[axis + 1] * s.stride[axis] + (axes[axis].covers >> 1) - s.padding[axis];
    if (get("predict") && /^[-\d.]$/.test(key)) find("form input").focus();
    else if (key === "Enter" && drawing) mark(conv() ? 0 : map, middle(0), middle(1), true), send(s);
    else if (key === " ") play();
    else if (to) move([map, row + to[0], column + to[1]]);
    else if (page) move([map + page, row, column]);
    return to || page || key === " ";
  }

  function edit(field) {
    const value = parse(field.value), filter = s.kernel_shape.slice(1).reduce((a, b) => a * b);
    field.ariaInvalid = String(Number.isNaN(value));
    if (Number.isNaN(value)) return say(NO_NUMBER);
    s = { ...s, kernel_data: s.kernel_data.with(cursor[0] * filter + all(".ck-weight").indexOf(field), value) };
    known.clear();
    out = compute(s);
    paintOutput(), paint();
  }

  function usePreset(rows) {
    const [F, C] = s.kernel_shape, flat = Array(F * C).fill(rows).flat(2);
    change({ kernel_data: Float32Array.from(flat), kernel_shape: [F, C, rows.length, rows[0].length] });
  }

  function jump(place) {
    const [, rows, columns] = out.shape, at = (place + rows * columns) % (rows * columns);
    move([cursor[0], Math.floor(at / columns), at % columns]);
  }

  const step = (by) => jump(cursor[1] * out.shape[2] + cursor[2] + by);

  function play() {
    if (timer) return stop();
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return step(1); // one a press
    find("[data-name=start]").textContent = "❚❚";
    timer = setInterval(() => (root.isConnected ? step(1) : stop()), 600);
  }

  function stop() {
    timer = clearInterval(timer);
    find("[data-name=start]").textContent = "▶";
  }

  const acts = {
    start: play, back: () => step(-1), on: () => step(1), reset: () => change(first),
    draw: () => (root.classList.toggle("ck-drawing", (drawing = !drawing)), refresh()),
    predict: () => (send({ predict: !get("predict") }), refresh()),
  };
  root.onclick = ({ target }) => acts[target.dataset.name]?.();
  root.oninput = ({ target }) => (target === scrub ? jump(+scrub.value) : target.matches(".ck-weight") && edit(target));
  root.addEventListener("focusin", ({ target }) => target.matches(".ck-weight") && (roving(target), target.select()));
  root.onchange = ({ target }) => {
    const { pair, axis } = target.dataset, value = Math.max(target.min, Math.min(9, Math.round(+target.value)));
    if (pair) change({ [pair]: s[pair].map((old, i) => (i === +axis ? value : old)) });
    else if (target === mode) change({ mode: mode.value });
    else if (target === preset && preset.value) usePreset(get("presets")[preset.value]);
    else if (target.matches(".ck-weight")) fillWeights(), send(s);
  };
  root.onsubmit = (event) => {
    event.preventDefault();
    const guess = find("form input"), value = parse(guess.value), right = out.data[index()];
    if (Number.isNaN(value)) return say(NO_NUMBER);
    const good = show(value) === show(right);
    (good ? known : tried).add(index());
    guess.value = "";
    paintOutput(), paint();
    if (good) output.element.focus();
    say(good ? `Right. ${sum.textContent}` : `${show(value, 5)} is not it. The lens shows each part now.`);
  };

  const changed = () => {
    if (sending || waiting) return;
    waiting = true; // several change at once
    queueMicrotask(() => ((waiting = false), read(), refresh()));
  };
  const events = [...STATE, "cursor", "hidden", "predict"].map((name) => `change:${name}`);
  for (const name of events) model.on(name, changed);
  addEventListener("keydown", onKey, true);
  read();
  refresh();
  const first = s, sized = new ResizeObserver(() => width === root.clientWidth || refresh());
  sized.observe(root);
  return () => {
    stop(), clearTimeout(resting), sized.disconnect();
    for (const name of events) model.off(name, changed);
    removeEventListener("keydown", onKey, true);
  };
}

export default { render };
