// What is said about a window.

import { floor, show, term } from "./numbers.js";
import { partial, weights, winner } from "./arithmetic.js";
import { index } from "./state.js";

export const say = ({ live, sum }, words) => (live.textContent = sum.textContent = words);

export function words(v, taps, values) {
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
