// What a number looks like.

import { abs, floor, max, min } from "./numbers.js";

export const FRAME = "#d55e00", LINE = "#808080"; // seen on light and on dark
const PUOR = [[179, 88, 6], [253, 184, 99], [247, 247, 247], [178, 171, 210], [84, 39, 136]];
export const signed = (share) => {
	const at = 2 * share + 2, low = min(3, floor(at));
	return PUOR[low].map((part, i) => part + (at - low) * (PUOR[low + 1][i] - part));
};
export const inkOn = ([red, green, blue]) => (0.21 * red + 0.72 * green + 0.07 * blue < 115 ? "#fff" : "#222");

// Gray, or orange and purple around a white zero.
export function palette(data, coloured = muchBelow(data)) {
	const most = data.reduce((least, value) => max(least, abs(value)), 0) || 1;
	return (value) => (coloured ? signed(value / most) : Array(3).fill((255 * value) / most));
}

const muchBelow = (data) => -4 * min(...data) > max(...data);

// Whether a map is drawn in colour. What a picture without negative numbers becomes is a picture
// again, in gray, unless the weights of a filter sum to zero: then zero is the middle.
export function inColour(s, out) {
	if (s.mode !== "conv" || min(...s.image_data) < 0) return muchBelow(out.data);
	const [F] = s.kernel_shape, each = s.kernel_data.length / F;
	return Array.from({ length: F }, (_, f) => s.kernel_data.subarray(f * each, (f + 1) * each))
		.some((weights) => weights.reduce((a, b) => a + b) < 1e-5);
}
