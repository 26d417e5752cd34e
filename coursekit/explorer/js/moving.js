// The window moves.

import { floor } from "./numbers.js";
import { clamp, send } from "./state.js";
import { fillWeights } from "./lens.js";
import { paint } from "./drawing.js";

export function move(v, to) {
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

export function jump(v, place) {
	const [, rows, columns] = v.out.shape, at = (place + rows * columns) % (rows * columns);
	move(v, [v.cursor[0], floor(at / columns), at % columns]);
}

export const step = (v, by) => jump(v, v.cursor[1] * v.out.shape[2] + v.cursor[2] + by);

export function play(v) {
	if (v.timer) return stop(v);
	if (matchMedia("(prefers-reduced-motion: reduce)").matches) return step(v, 1); // one a press
	v.named("start").textContent = "❚❚";
	v.timer = setInterval(() => (v.root.isConnected ? step(v, 1) : stop(v)), 600);
}

export function stop(v) {
	v.timer = clearInterval(v.timer);
	v.named("start").textContent = "▶";
}
