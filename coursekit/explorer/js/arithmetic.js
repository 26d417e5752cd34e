import { floor, max } from "./numbers.js";

// Arithmetic, equal to torch.nn.functional, on a state s: image_data and kernel_data with
// image_shape [C, H, W] and kernel_shape [F, C, kH, kW], bias_data (F), stride, padding and dilation
// [height, width], mode "conv", "max" or "average".

export const conv = (s) => s.mode === "conv";

// Along axis 0 (rows) or 1 (columns): pixels, taps, step, pixels covered, room for steps.
export function along(s, axis) {
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

export function weights(s, filter, channel) {
	const [, C, kH, kW] = s.kernel_shape, start = (filter * C + channel) * kH * kW;
	return s.kernel_data.subarray(start, start + kH * kW);
}

export function partial(s, filter, channel, taps) {
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

export function formula(s, axis) {
	const { n, k, step, room, size } = along(s, axis);
	return `⌊(${n} + 2·${s.padding[axis]} − ${s.dilation[axis]}·(${k} − 1) − 1) / ${step}⌋ + 1 = ` +
		`⌊${room}/${step}⌋ + 1 = ${size}`;
}
