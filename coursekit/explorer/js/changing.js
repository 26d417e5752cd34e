// What a reader changes: weights, settings, pixels, guesses.

import { parse, show } from "./numbers.js";
import { compute, fault } from "./arithmetic.js";
import { onPaper } from "./colours.js";
import { NO_NUMBER } from "./markup.js";
import { index, send } from "./state.js";
import { say } from "./telling.js";
import { fillPresets, paint, paintOutput, redo, refresh } from "./drawing.js";

// Takes what can be, and says why where it cannot.
export function change(v, changes) {
	const wrong = fault({ ...v.s, ...changes });
	if (!wrong) send(v, (v.s = { ...v.s, ...changes }));
	refresh(v);
	if (wrong) say(v, wrong);
}

export function edit(v, field) {
	const { s, all } = v, value = parse(field.value), filter = s.kernel_data.length / s.kernel_shape[0];
	field.ariaInvalid = isNaN(value);
	if (isNaN(value)) return say(v, NO_NUMBER);
	const at = v.cursor[0] * filter + all(".ck-weight").indexOf(field);
	v.s = { ...s, kernel_data: s.kernel_data.with(at, value) };
	v.known.clear();
	v.out = compute(v.s);
	fillPresets(v), paintOutput(v), paint(v);
}

export function usePreset(v, rows) {
	const [F, C] = v.s.kernel_shape, flat = Array(F * C).fill(rows).flat(2);
	change(v, { kernel_data: Float32Array.from(flat), kernel_shape: [F, C, rows.length, rows[0].length] });
}

export function answer(v, guess) {
	const value = parse(guess.value), right = v.out.data[index(v)];
	if (isNaN(value)) return say(v, NO_NUMBER);
	const good = show(value) === show(right);
	(good ? v.known : v.tried).add(index(v));
	guess.value = "";
	paintOutput(v), paint(v);
	if (good) v.output.element.focus();
	say(v, good ? `Right. ${v.sum.textContent}` : `${show(value, 5)} is not it. The products now stand beside the input.`);
}

// Flips the first pixel of a stroke, and gives that ink to the others.
export function mark(v, which, y, x, first) {
	const { image_shape: [, H, W], image_data } = v.s, at = (which * H + y) * W + x;
	if (y < 0 || y >= H || x < 0 || x >= W) return;
	if (first) v.ink = image_data[at] <= 0.5 ? 1 : onPaper(image_data) ? -1 : 0;
	v.s = { ...v.s, image_data: image_data.with(at, v.ink) };
	redo(v);
}
