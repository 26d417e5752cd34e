// Mouse, fingers and keys.

import { max, min, round } from "./numbers.js";
import { conv } from "./arithmetic.js";
import { send } from "./state.js";
import { fillWeights, roving } from "./lens.js";
import { refresh } from "./drawing.js";
import { jump, move, play, step, stop } from "./moving.js";
import { answer, change, edit, mark, usePreset } from "./changing.js";

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

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

// What JupyterLab needs passes, and no other key, so that "d d" deletes no cell. It listens on the
// document; this is on the window, before it.
export function onKey(v, event) {
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

function choose(v, target) {
	const { pair, axis, name } = target.dataset, { value } = target;
	const count = max(target.min, min(9, round(+value)));
	if (pair) change(v, { [pair]: v.s[pair].map((old, i) => (i === +axis ? count : old)) });
	else if (name === "mode") change(v, { mode: value });
	else if (name === "preset" && value) usePreset(v, v.get("presets")[value]);
	else if (target.matches(".ck-weight")) fillWeights(v), send(v, v.s);
}

export function bind(v) {
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
