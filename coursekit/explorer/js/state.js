// The state, and how it is shared with Python.

import { max, min } from "./numbers.js";

const STATE = ["image_data", "image_shape", "kernel_data", "kernel_shape", "bias_data", "stride",
	"padding", "dilation", "mode"];
const isData = (name) => name.endsWith("_data");

const floats = ({ buffer, byteOffset: from, byteLength }) =>
	new Float32Array(buffer.slice(from, from + byteLength));
export const clamp = (at, count) => max(0, min(count - 1, at));

export const index = ({ out: { shape }, cursor }) => (cursor[0] * shape[1] + cursor[1]) * shape[2] + cursor[2];
export const secret = (v) => v.get("predict") && !v.known.has(index(v));

export function read(v) {
	v.s = Object.fromEntries(STATE.map((name) => [name, isData(name) ? floats(v.get(name)) : v.get(name)]));
	v.cursor = v.get("cursor");
}

// Tells Python; without a kernel, nobody.
export function send(v, changes) {
	v.sending = true;
	for (const name of Object.keys(changes))
		v.model.set(name, isData(name) ? new DataView(changes[name].slice().buffer) : changes[name]);
	v.sending = false;
	v.model.save_changes();
}

// Calls back when others change the model; returns what ends that.
export function listen(v, changed) {
	const tell = () => {
		if (v.sending || v.waiting) return;
		v.waiting = true; // several change at once
		queueMicrotask(() => ((v.waiting = false), changed()));
	};
	const events = [...STATE, "cursor", "hidden", "predict"].map((name) => `change:${name}`);
	for (const name of events) v.model.on(name, tell);
	return () => events.forEach((name) => v.model.off(name, tell));
}
