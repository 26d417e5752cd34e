// The convolution explorer: input | kernel and lens | output. It computes everything itself and
// imports nothing, so it works offline and without a kernel.

const { abs, floor, max, min, round } = Math;

// Arithmetic, equal to torch.nn.functional, on a state s: image_data and kernel_data with
// image_shape [C, H, W] and kernel_shape [F, C, kH, kW], bias_data (F), stride, padding and dilation
// [height, width], mode "conv", "max" or "average".

const conv = (s) => s.mode === "conv";

// Along axis 0 (rows) or 1 (columns): pixels, taps, step, pixels covered, room for steps.
function along(s, axis) {
	const n = s.image_shape[axis + 1], k = s.kernel_shape[axis + 2], step = s.stride[axis];
	const covers = s.dilation[axis] * (k - 1) + 1, padded = n + 2 * s.padding[axis];
	const room = padded - covers;
	return { n, k, step, covers, padded, room, size: floor(room / step) + 1, left: room % step };
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
	if (conv(s)) {
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
	const maps = conv(s) ? s.kernel_shape[0] : s.image_shape[0];
	const data = new Float32Array(maps * rows * columns);
	for (let at = 0; at < rows * columns; at++) {
		const taps = places(s, floor(at / columns), at % columns);
		for (let map = 0; map < maps; map++) data[map * rows * columns + at] = one(s, map, taps);
	}
	return { data, shape: [maps, rows, columns] };
}

// Why a state cannot be, or "".
export function fault(s) {
	for (const { covers, padded, n, k } of [along(s, 0), along(s, 1)]) {
		if (covers > padded) return `The window covers ${covers} pixels, the padded input has ${padded}.`;
		if (!conv(s) && padded - n > k) return `A pool takes padding of at most ${k >> 1}, half its window.`;
	}
	return "";
}

const near = (value) => abs(value - round(value)) < 1e-5;

// As a fraction such as 1/9 where it is one, else to some digits.
export function show(value, digits = 3) {
	const under = !near(8 * value) && abs(value) < 2 && [3, 6, 9, 12, 16].find((n) => near(n * value));
	const whole = abs(value) >= 10 ** digits;
	const text = under ? `${round(value * under)}/${under}`
		: String((whole ? round(value) : +value.toPrecision(digits)) || 0);
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

const FRAME = "#d55e00", LINE = "#808080"; // seen on light and on dark
const PUOR = [[179, 88, 6], [253, 184, 99], [247, 247, 247], [178, 171, 210], [84, 39, 136]];
const signed = (share) => {
	const at = 2 * share + 2, low = min(3, floor(at));
	return PUOR[low].map((part, i) => part + (at - low) * (PUOR[low + 1][i] - part));
};
const inkOn = ([red, green, blue]) => (0.21 * red + 0.72 * green + 0.07 * blue < 115 ? "#fff" : "#222");

// Gray, or where much is negative orange and purple around a white zero.
function palette(data) {
	const low = min(...data), high = max(...data), most = max(-low, high) || 1;
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
		pen.font = `${min(14, cell * 0.5, (cell * 1.5) / text.length)}px system-ui, sans-serif`;
		pen.textAlign = "center";
		pen.fillStyle = colour ? inkOn(colour) : LINE;
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
		return [clientY - top, clientX - left].map((place) => floor((place - 1) / this.cell));
	}
}

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
const clamp = (at, count) => max(0, min(count - 1, at));

// A view v: model and elements, the state s, what it computes (out) along which axes, the cursor
// [map, row, column], which outputs were guessed (known) or missed (tried), the lens's blocks.
function view(model, el) {
	const root = document.createElement("div");
	root.className = "ck";
	root.innerHTML = page(`ck${Math.random().toString(36).slice(2)}`);
	el.append(root);
	const find = (name) => root.querySelector(name), all = (name) => [...root.querySelectorAll(name)];
	const named = (name) => find(`[data-name=${name}]`);
	const grid = (name) => ({ element: find(`[data-grid=${name}]`) });
	return { model, root, find, all, named, get: (name) => model.get(name), drawing: false,
		input: grid("input"), output: grid("output"), lens: find(".ck-lens"), sum: find(".ck-sum"),
		live: find("[role=status]"), scrub: find("[type=range]") };
}

const index = ({ out: { shape }, cursor }) => (cursor[0] * shape[1] + cursor[1]) * shape[2] + cursor[2];
const secret = (v) => v.get("predict") && !v.known.has(index(v));

function read(v) {
	v.s = Object.fromEntries(STATE.map((name) => [name, isData(name) ? floats(v.get(name)) : v.get(name)]));
	v.cursor = v.get("cursor");
}

// Tells Python; without a kernel, nobody.
function send(v, changes) {
	v.sending = true;
	for (const name of Object.keys(changes))
		v.model.set(name, isData(name) ? new DataView(changes[name].slice().buffer) : changes[name]);
	v.sending = false;
	v.model.save_changes();
}

// Takes what can be, and says why where it cannot.
function change(v, changes) {
	const wrong = fault({ ...v.s, ...changes });
	if (!wrong) send(v, (v.s = { ...v.s, ...changes }));
	refresh(v);
	if (wrong) say(v, wrong);
}

// Calls back when others change the model; returns what ends that.
function listen(v, changed) {
	const tell = () => {
		if (v.sending || v.waiting) return;
		v.waiting = true; // several change at once
		queueMicrotask(() => ((v.waiting = false), changed()));
	};
	const events = [...STATE, "cursor", "hidden", "predict"].map((name) => `change:${name}`);
	for (const name of events) v.model.on(name, tell);
	return () => events.forEach((name) => v.model.off(name, tell));
}

const say = ({ live, sum }, words) => (live.textContent = sum.textContent = words);

function words(v, taps, values) {
	const { s, cursor: [map] } = v, [C, , W] = s.image_shape, count = taps.length;
	const total = show(v.out.data[index(v)], 5), place = taps[winner(values, taps)];
	const list = (terms) => (count > 9 ? `the sum of ${count} numbers` : terms.map(term).join(" + "));
	if (s.mode === "max")
		return `the largest is ${total}, at row ${floor(place / W)}, column ${place % W} of the input, ` +
			"where all of the gradient goes";
	if (s.mode === "average")
		return `(${list(values)}) / ${count} = ${total}; each pixel gets 1/${count} of the gradient`;
	const bias = s.bias_data[map], w = weights(s, map, 0);
	const part = (c) => `channel ${c}: ${term(partial(s, map, c, taps))}`;
	return (C > 1 ? [...Array(C).keys()].map(part).join(" + ") : list(values.map((value, t) => value * w[t]))) +
		`${bias ? ` + bias ${term(bias)}` : ""} = ${total}`;
}

// After any change but a move.
function refresh(v) {
	const { s } = v, out = compute(s);
	Object.assign(v, { out, axes: [along(s, 0), along(s, 1)], known: new Set(), tried: new Set(),
		width: v.root.clientWidth, cursor: v.cursor.map((at, axis) => clamp(at, out.shape[axis])) });
	buildLens(v);
	settings(v);
	hang(v.input, s.image_shape[0]);
	hang(v.output, out.shape[0]);
	fillWeights(v);
	redo(v);
}

function redo(v) {
	v.out = compute(v.s);
	paintInput(v);
	paintOutput(v);
	paint(v);
}

function settings({ s, out, get, named, all, scrub, drawing }) {
	for (const element of all("[data-name]"))
		element.hidden = get("hidden").includes(element.dataset.name);
	if (!conv(s)) named("preset").hidden = true;
	for (const element of all("[data-pair]")) element.value = s[element.dataset.pair][element.dataset.axis];
	named("mode").value = s.mode;
	named("preset").innerHTML = option("", "a kernel …") + Object.keys(get("presets")).map((name) => option(name)).join("");
	named("predict").ariaPressed = get("predict");
	named("draw").ariaPressed = drawing;
	scrub.max = out.shape[1] * out.shape[2] - 1;
	const [rows, columns] = [formula(s, 0), formula(s, 1)];
	named("size").textContent = `rows${rows === columns ? " and" : `: ${rows}\n`} columns: ${columns}`;
}

// The lens, with the weights in it: a block for each channel, or the one that a pool looks at.
function buildLens(v) {
	const [, C, kH, kW] = v.s.kernel_shape, cross = conv(v.s), wanted = String([cross, C, kH, kW]);
	if (v.built === wanted) return;
	v.built = wanted;
	const weight = (t) => `<input class="ck-weight" tabindex="-1" inputmode="decimal"
		aria-label="weight row ${floor(t / kW)}, column ${t % kW}">`;
	const cell = (_, t) => `<span><small></small>${cross ? weight(t) : ""}<b></b></span>`;
	const block = `<figure><figcaption></figcaption><div class="ck-table" role="group"
		style="grid-template-columns: repeat(${kW}, 1fr)">${Array.from({ length: kH * kW }, cell).join("")}
		</div></figure>`;
	v.lens.innerHTML = block.repeat(cross ? C : 1);
	v.blocks = v.all(".ck-lens figure").map(({ firstChild, lastChild }) =>
		({ title: firstChild, table: lastChild, cells: [...lastChild.children] }));
	roving(v, v.find(".ck-weight"));
}

// The weights are one tab stop.
const roving = ({ all }, chosen) =>
	all(".ck-weight").forEach((cell) => (cell.tabIndex = cell === chosen ? 0 : -1));

function fillWeights({ s, cursor, blocks }) {
	const most = max(...s.kernel_data.map(abs)) || 1;
	for (const [c, { cells }] of conv(s) ? blocks.entries() : [])
		weights(s, cursor[0], c).forEach((value, t) => {
			const field = cells[t].children[1], colour = signed(value / most);
			if (Math.fround(parse(field.value)) !== value) field.value = show(value, 4);
			field.ariaInvalid = "false";
			Object.assign(field.style, { background: `rgb(${colour})`, color: inkOn(colour) });
		});
}

// A canvas for each channel or map.
function hang(grid, count) {
	grid.element.innerHTML = "<figure><figcaption></figcaption><canvas></canvas></figure>".repeat(count);
	grid.panels = [...grid.element.children].map(({ firstChild, lastChild }) =>
		({ title: firstChild, pixels: new Pixels(lastChild) }));
}

// Pixels of input and output are equally large, as large as the width allows.
function stand(v, { element, panels }, word, [count, H, W], rows, columns, look) {
	const { axes } = v, room = (v.width || 900) - v.lens.offsetWidth - 64, tall = axes[0].padded * v.s.image_shape[0];
	const cell = clamp(min(room / (axes[1].padded + v.out.shape[2]), max(510 / tall, 4)), 35);
	panels.forEach(({ pixels, title }, which) => {
		title.textContent = `${word}${count > 1 ? ` ${which}` : ""}, ${H}×${W}`;
		pixels.plain = max(H, W) > 12; // has no numbers
		pixels.stand(rows, columns, floor(cell) || 1, (row, column) => look(which, row, column));
	});
	element.ariaLabel = `${word}, ${count} × ${H} × ${W}`;
}

function paintInput(v) {
	const { s, axes: [rows, columns] } = v, [, H, W] = s.image_shape, colour = palette(s.image_data);
	stand(v, v.input, "input", s.image_shape, rows.padded, columns.padded, (which, row, column) => {
		const y = row - s.padding[0], x = column - s.padding[1];
		const behind = row >= rows.padded - rows.left || column >= columns.padded - columns.left;
		if (y < 0 || y >= H || x < 0 || x >= W)
			return { text: s.mode !== "max" && "0", hatched: 1 + behind };
		const value = s.image_data[(which * H + y) * W + x];
		return { colour: colour(value), text: show(value), hatched: 2 * behind };
	});
	v.find(".ck-key").textContent = "black 0 and less; in colour: orange −, white 0, purple +" +
		(s.padding.some(Boolean) ? " · hatched: padding" : "") + (rows.left + columns.left
			? ` · crossed: behind the last window, rows: ${rows.left}, columns: ${columns.left}` : "");
}

function paintOutput(v) {
	const { data, shape } = v.out, [, rows, columns] = shape, colour = palette(data);
	stand(v, v.output, conv(v.s) ? "output" : "pooled", shape, rows, columns, (which, row, column) => {
		const at = (which * rows + row) * columns + column, value = data[at];
		if (v.get("predict") && !v.known.has(at)) return { text: "?", hatched: 1 };
		return { colour: colour(value), text: show(value) };
	});
}

// All that moves: frames, lens, sentence, and the gradient's way.
function paint(v) {
	const { s, axes, cursor: [map, row, column] } = v, taps = places(s, row, column), kW = s.kernel_shape[3];
	const top = row * s.stride[0], left = column * s.stride[1], hidden = secret(v);
	const tap = (t) => [top + floor(t / kW) * s.dilation[0], left + (t % kW) * s.dilation[1], 1, 1, 3];
	const values = seen(s, conv(s) ? 0 : map, taps), ends = [...taps.keys()].filter((t) => taps[t] >= 0);
	const best = (hidden ? [] : s.mode === "max" ? [winner(values, taps)] : ends).map(tap);
	const taken = conv(s) && max(...s.dilation) < 2 ? [] : best; // without gaps the window says it all
	const frames = [...taken, [top, left, axes[0].covers, axes[1].covers]];
	v.input.panels.forEach(({ pixels }, which) => pixels.paint(conv(s) || which === map ? frames : []));
	v.output.panels.forEach(({ pixels }, which) => pixels.paint(which === map ? [[row, column]] : []));
	look(v, taps, hidden && !v.tried.has(index(v)));
	v.find("form").hidden = !hidden;
	v.sum.textContent = `row ${row}, column ${column}: ${hidden ? "what comes out?" : words(v, taps, values)}`;
	route(v, conv(s) ? [] : best);
	v.scrub.value = row * v.out.shape[2] + column;
}

// Into the lens.
function look({ s, cursor: [map], blocks }, taps, veiled) {
	const pool = s.mode === "max", several = s.kernel_data.length > taps.length;
	blocks.forEach(({ cells, title, table }, i) => {
		const c = conv(s) ? i : map, values = seen(s, c, taps), w = conv(s) && weights(s, map, c);
		const best = pool && !veiled ? winner(values, taps) : -1;
		cells.forEach((cell, t) => {
			const outside = taps[t] < 0, slope = outside ? 0 : pool ? +(t === best) : `1/${taps.length}`;
			const [above, below] = conv(s) ? [`${show(values[t])} ×`, `= ${veiled ? "?" : show(values[t] * w[t])}`]
				: [veiled ? "" : `slope ${slope}`, pool && outside ? "−∞" : show(values[t])];
			cell.firstChild.textContent = above;
			cell.lastChild.textContent = below;
			cell.className = outside ? "ck-padding" : t === best ? "ck-winner" : "";
		});
		table.ariaLabel = title.textContent = !conv(s) ? "window" : `window × kernel${several ? ` ${map}, ${c}: ` +
			(veiled ? "?" : show(partial(s, map, c, taps), 4)) : ""}`;
	});
}

// Where the gradient goes: from the output's pixel back to the winner, or to all.
function route({ input, output, cursor: [map, ...place], find }, ends) {
	const below = ({ panels }, [row, column]) => {
		const { canvas, cell } = panels[map].pixels;
		return [canvas.offsetLeft + (column + 0.5) * cell, canvas.offsetTop + (row + 1) * cell];
	};
	const low = find(".ck-board").offsetHeight + 8;
	find("path").setAttribute("d", ends.map((end) => {
		const [x0, y0] = below(output, place), [x, y] = below(input, end);
		return `M${x0} ${y0}C${x0} ${low} ${x} ${low} ${x} ${y}m-4 7l4 -7l4 7`;
	}).join(""));
}

function move(v, to) {
	const before = v.cursor[0];
	v.cursor = to.map((at, axis) => clamp(at, v.out.shape[axis]));
	if (v.cursor[0] !== before) fillWeights(v);
	paint(v);
	clearTimeout(v.resting);
	v.resting = setTimeout(() => { // the window has come to rest
		v.live.textContent = v.sum.textContent;
		if (`${v.get("cursor")}` !== `${v.cursor}`) send(v, { cursor: v.cursor });
	}, 200);
}

function jump(v, place) {
	const [, rows, columns] = v.out.shape, at = (place + rows * columns) % (rows * columns);
	move(v, [v.cursor[0], floor(at / columns), at % columns]);
}

const step = (v, by) => jump(v, v.cursor[1] * v.out.shape[2] + v.cursor[2] + by);

function play(v) {
	if (v.timer) return stop(v);
	if (matchMedia("(prefers-reduced-motion: reduce)").matches) return step(v, 1); // one a press
	v.named("start").textContent = "❚❚";
	v.timer = setInterval(() => (v.root.isConnected ? step(v, 1) : stop(v)), 600);
}

function stop(v) {
	v.timer = clearInterval(v.timer);
	v.named("start").textContent = "▶";
}

function point(v, grid, event) {
	const { s, axes } = v, which = grid.panels.findIndex(({ pixels }) => pixels.canvas === event.target);
	if (which < 0) return;
	const [row, column] = grid.panels[which].pixels.at(event), down = event.type === "pointerdown";
	const nearest = (at, axis) => round((at - (axes[axis].covers - 1) / 2) / s.stride[axis]);
	if (down) stop(v);
	if (grid === v.input && v.drawing && event.buttons)
		mark(v, which, row - s.padding[0], column - s.padding[1], down);
	else if (!down && v.get("predict")) return;
	else if (grid === v.output) move(v, [which, row, column]);
	else move(v, [conv(s) ? v.cursor[0] : which, nearest(row, 0), nearest(column, 1)]);
}

// Flips the first pixel of a stroke, and gives that ink to the others.
function mark(v, which, y, x, first) {
	const { image_shape: [, H, W], image_data } = v.s, at = (which * H + y) * W + x;
	if (y < 0 || y >= H || x < 0 || x >= W) return;
	if (first) v.ink = +(image_data[at] <= 0.5);
	v.s = { ...v.s, image_data: image_data.with(at, v.ink) };
	redo(v);
}

// What JupyterLab needs passes, and no other key, so that "d d" deletes no cell. It listens on the
// document; this is on the window, before it.
function onKey(v, event) {
	const { key, target, shiftKey } = event, fields = v.all(".ck-weight"), at = fields.indexOf(target);
	if (!v.root.contains(target) || event.ctrlKey || event.metaKey || event.altKey) return;
	if (key === "Tab" || key === "Escape" || (key === "Enter" && shiftKey)) return;
	event.stopPropagation();
	const arrow = ARROWS[key], toWeight = at >= 0 && arrow;
	if (toWeight) fields[at + arrow[0] * v.s.kernel_shape[3] + arrow[1]]?.focus();
	if (toWeight || (target.matches(".ck-grid") && gridKey(v, key, arrow))) event.preventDefault();
}

// Whether the key did something that a browser must not do as well.
function gridKey(v, key, arrow) {
	const { s, cursor, out: { shape } } = v, [map, row, column] = cursor;
	const to = arrow || { Home: [0, -column], End: [0, shape[2]] }[key];
	const page = shape[0] > 1 && { PageUp: -1, PageDown: 1 }[key], middle = (axis) =>
		cursor[axis + 1] * s.stride[axis] + (v.axes[axis].covers >> 1) - s.padding[axis];
	if (v.get("predict") && /^[-\d.]$/.test(key)) v.find("form input").focus();
	else if (key === "Enter" && v.drawing) mark(v, conv(s) ? 0 : map, middle(0), middle(1), true), send(v, v.s);
	else if (key === " ") play(v);
	else if (to) move(v, [map, row + to[0], column + to[1]]);
	else if (page) move(v, [map + page, row, column]);
	return to || page || key === " ";
}

const ACTS = {
	start: play, back: (v) => step(v, -1), on: (v) => step(v, 1), reset: (v) => change(v, v.first),
	draw: (v) => (v.root.classList.toggle("ck-drawing", (v.drawing = !v.drawing)), refresh(v)),
	predict: (v) => (send(v, { predict: !v.get("predict") }), refresh(v)),
};

function edit(v, field) {
	const { s, all } = v, value = parse(field.value), filter = s.kernel_data.length / s.kernel_shape[0];
	field.ariaInvalid = isNaN(value);
	if (isNaN(value)) return say(v, NO_NUMBER);
	const at = v.cursor[0] * filter + all(".ck-weight").indexOf(field);
	v.s = { ...s, kernel_data: s.kernel_data.with(at, value) };
	v.known.clear();
	v.out = compute(v.s);
	paintOutput(v), paint(v);
}

function usePreset(v, rows) {
	const [F, C] = v.s.kernel_shape, flat = Array(F * C).fill(rows).flat(2);
	change(v, { kernel_data: Float32Array.from(flat), kernel_shape: [F, C, rows.length, rows[0].length] });
}

function choose(v, target) {
	const { pair, axis, name } = target.dataset, { value } = target;
	const count = max(target.min, min(9, round(+value)));
	if (pair) change(v, { [pair]: v.s[pair].map((old, i) => (i === +axis ? count : old)) });
	else if (name === "mode") change(v, { mode: value });
	else if (name === "preset" && value) usePreset(v, v.get("presets")[value]);
	else if (target.matches(".ck-weight")) fillWeights(v), send(v, v.s);
}

function answer(v, guess) {
	const value = parse(guess.value), right = v.out.data[index(v)];
	if (isNaN(value)) return say(v, NO_NUMBER);
	const good = show(value) === show(right);
	(good ? v.known : v.tried).add(index(v));
	guess.value = "";
	paintOutput(v), paint(v);
	if (good) v.output.element.focus();
	say(v, good ? `Right. ${v.sum.textContent}` : `${show(value, 5)} is not it. The lens shows each part now.`);
}

function bind(v) {
	const { root } = v;
	for (const grid of [v.input, v.output]) {
		grid.element.onpointermove = grid.element.onpointerdown = (event) => point(v, grid, event);
		grid.element.onpointerup = () => v.drawing && send(v, v.s);
	}
	root.onclick = ({ target }) => ACTS[target.dataset.name]?.(v);
	root.oninput = ({ target }) => (target === v.scrub ? jump(v, +target.value) : target.matches(".ck-weight") && edit(v, target));
	root.addEventListener("focusin", ({ target }) => target.matches(".ck-weight") && (roving(v, target), target.select()));
	root.onchange = ({ target }) => choose(v, target);
	root.onsubmit = (event) => (event.preventDefault(), answer(v, v.find("form input")));
}

function render({ model, el }) {
	const v = view(model, el), update = () => (read(v), refresh(v)), key = (event) => onKey(v, event);
	update();
	v.first = v.s;
	bind(v);
	const quiet = listen(v, update), sized = new ResizeObserver(() => v.width === v.root.clientWidth || refresh(v));
	addEventListener("keydown", key, true);
	sized.observe(v.root);
	return () => {
		stop(v), clearTimeout(v.resting), sized.disconnect(), quiet();
		removeEventListener("keydown", key, true);
	};
}

export default { render };
