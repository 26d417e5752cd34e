// What a number looks like.

import { abs, floor, max, min } from "./numbers.js";

export const FRAME = "#d55e00", LINE = "#808080"; // seen on light and on dark
const PUOR = [[179, 88, 6], [253, 184, 99], [247, 247, 247], [178, 171, 210], [84, 39, 136]];
export const signed = (share) => {
	const at = 2 * share + 2, low = min(3, floor(at));
	return PUOR[low].map((part, i) => part + (at - low) * (PUOR[low + 1][i] - part));
};
export const inkOn = ([red, green, blue]) => (0.21 * red + 0.72 * green + 0.07 * blue < 115 ? "#fff" : "#222");

// Ink, 1, on paper, −1: a drawing, in which a blank sheet is blank.
export const onPaper = (data) => min(...data) < 0 && data.every((value) => abs(value) === 1);

// Gray, or orange and purple around a white zero, pale up to what could be the largest (`reach`);
// ink on paper is black on white.
export function palette(data, coloured = muchBelow(data), reach = 0) {
	const most = data.reduce((least, value) => max(least, abs(value)), reach) || 1;
	if (!reach && onPaper(data)) return (value) => Array(3).fill(127.5 * (1 - value));
	return (value) => (coloured ? signed(value / most) : Array(3).fill((255 * value) / most));
}

const muchBelow = (data) => -4 * min(...data) > max(...data);

// Whether a map is drawn in colour. What a picture without negative numbers becomes is a picture
// again, in gray, unless the weights of a filter sum to zero: then zero is the middle.
export function inColour(s, out) {
	if (s.mode !== "conv") return muchBelow(out.data);
	if (min(...s.image_data) < 0) return onPaper(s.image_data) || muchBelow(out.data);
	return filters(s).some((weights) => weights.reduce((a, b) => a + b) < 1e-5);
}

// How large a sum over a drawing's ink and paper can become, so that a blank one is pale; else 0.
export function reach(s) {
	if (s.mode !== "conv" || !onPaper(s.image_data)) return 0;
	return max(...filters(s).map((weights) => weights.reduce((sum, weight) => sum + abs(weight), 0)));
}

function filters({ kernel_data, kernel_shape: [F] }) {
	const each = kernel_data.length / F;
	return Array.from({ length: F }, (_, f) => kernel_data.subarray(f * each, (f + 1) * each));
}
