// All that is drawn after a change, and after a move.

import { abs, floor, max, min } from "./numbers.js";
import { along, compute, conv, formula, places, seen, winner } from "./arithmetic.js";
import { inColour, onPaper, palette, reach } from "./colours.js";
import { Pixels } from "./pixels.js";
import { option } from "./markup.js";
import { clamp, index, secret } from "./state.js";
import { words } from "./telling.js";
import { buildLens, fillWeights, look } from "./lens.js";

const USUAL = 35, LARGEST = 60; // px a pixel stays below
const NARROW = 200; // px for both grids beside the lens, below which all stand below each other

// After any change but a move.
export function refresh(v) {
	const { s } = v, out = compute(s);
	Object.assign(v, { out, axes: [along(s, 0), along(s, 1)], known: new Set(), tried: new Set(),
		width: v.root.clientWidth, cursor: v.cursor.map((at, axis) => clamp(at, out.shape[axis])) });
	buildLens(v);
	settings(v);
	hang(v.input, s.image_shape[0]);
	hang(v.output, out.shape[0]);
	fillWeights(v);
	v.cell = cellSize(v); // measured once: an edit changes no sizes
	redo(v);
}

export function redo(v) {
	v.out = compute(v.s);
	paintInput(v);
	paintOutput(v);
	paint(v);
}

function settings({ s, out, get, find, named, all, scrub, drawing }) {
	for (const element of all("[data-name]"))
		element.hidden = get("hidden").includes(element.dataset.name);
	if (!conv(s)) named("preset").hidden = true;
	for (const element of all("[data-pair]")) element.value = s[element.dataset.pair][element.dataset.axis];
	named("mode").value = s.mode;
	fillPresets({ s, get, named });
	named("predict").ariaPressed = get("predict");
	named("draw").ariaPressed = drawing;
	scrub.max = out.shape[1] * out.shape[2] - 1;
	const [rows, columns] = [formula(s, 0), formula(s, 1)];
	find(".ck-whose").textContent = get("maker") ? `output: as ${get("maker")} makes it` : "";
	named("size").textContent = `rows${rows === columns ? " and" : `: ${rows}\n`} columns: ${columns}`;
}

// The names of kernels; the one that all filters are stays chosen, under its name.
export function fillPresets({ s, get, named }) {
	const [, , kH, kW] = s.kernel_shape, presets = Object.entries(get("presets"));
	const same = ([, rows]) => rows.length === kH && rows[0].length === kW &&
		s.kernel_data.every((weight, t) => abs(rows[floor(t / kW) % kH][t % kW] - weight) < 1e-6);
	const list = named("preset"), chosen = presets.find(same)?.[0] ?? "";
	if (list.length !== presets.length + 1)
		list.innerHTML = option("", "a kernel …") + presets.map(([name]) => option(name)).join("");
	list.value = chosen;
}

// A canvas for each channel or map.
function hang(grid, count) {
	grid.element.innerHTML = "<figure><figcaption></figcaption><canvas></canvas></figure>".repeat(count);
	grid.panels = [...grid.element.children].map(({ firstChild, lastChild }) =>
		({ title: firstChild, pixels: new Pixels(lastChild) }));
}

// The page around may say how many px there are for the channels above each other, or lay them side
// by side, each above its part of the lens. On a phone what does not fit beside the rest stands below.
function cellSize(v) {
	const { axes, out, width, lens, root, s } = v, asks = getComputedStyle(root).getPropertyValue("--ck-tall");
	const beside = (width || 900) - lens.offsetWidth - 72, below = parseFloat(asks) || 510;
	const narrow = !asks && beside < NARROW, sides = [axes[1].padded, out.shape[2]];
	root.classList.toggle("ck-narrow", narrow);
	const broad = v.find(".ck-board").classList.contains("ck-broad"), C = s.image_shape[0];
	const across = narrow ? (width - 20) / max(...sides)
		: broad ? min(lens.offsetWidth / C / sides[0], beside / sides[1]) : beside / (sides[0] + sides[1]);
	const tall = broad ? axes[0].padded : max(axes[0].padded * C, asks ? out.shape[0] * out.shape[1] : 0);
	const fits = min(across, max(below / tall, 4));
	return clamp(floor(fits), asks ? LARGEST : USUAL) || 1;
}

// Pixels of input and output are equally large, as large as the width allows.
function stand(v, { element, panels }, word, [count, H, W], rows, columns, look) {
	const { cell } = v;
	panels.forEach(({ pixels, title }, which) => {
		title.textContent = `${word}${count > 1 ? ` ${which}` : ""}, ${H}×${W}`;
		pixels.plain = max(H, W) > 12; // has no numbers
		pixels.stand(rows, columns, cell, (row, column) => look(which, row, column));
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
		return { colour: colour(value), number: value, hatched: 2 * behind };
	});
	const gray = onPaper(s.image_data) ? "input: ink black, 1, paper white, −1" : "black 0 and less";
	v.find(".ck-key").textContent = `${gray}; in colour: orange −, white 0, purple +` +
		(s.padding.some(Boolean) ? " · hatched: padding" : "") + (rows.left + columns.left
			? ` · crossed: behind the last window, rows: ${rows.left}, columns: ${columns.left}` : "");
}

export function paintOutput(v) {
	const { data, shape } = v.out, [, rows, columns] = shape, colour = palette(data, inColour(v.s, v.out), reach(v.s));
	stand(v, v.output, conv(v.s) ? "output" : "pooled", shape, rows, columns, (which, row, column) => {
		const at = (which * rows + row) * columns + column, value = data[at];
		if (v.get("predict") && !v.known.has(at)) return { text: "?", hatched: 1 };
		return { colour: colour(value), number: value };
	});
}

// All that moves: frames, lens, sentence, and the gradient's way.
export function paint(v) {
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

// Where the gradient goes: from the output's pixel back to the winner, or to all.
function route({ input, output, cursor: [map, ...place], find }, ends) {
	const below = ({ panels }, [row, column]) => {
		const { canvas, cell } = panels[map].pixels;
		return [canvas.offsetLeft + (column + 0.5) * cell, canvas.offsetTop + (row + 1) * cell];
	};
	const low = ends.length && find(".ck-board").offsetHeight + 8; // asked for, it lays out the page
	find("path").setAttribute("d", ends.map((end) => {
		const [x0, y0] = below(output, place), [x, y] = below(input, end);
		return `M${x0} ${y0}C${x0} ${low} ${x} ${low} ${x} ${y}m-4 7l4 -7l4 7`;
	}).join(""));
}
