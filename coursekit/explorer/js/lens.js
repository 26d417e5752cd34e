// The lens: the window times the kernel, number by number.

import { abs, brief, floor, max, parse, show } from "./numbers.js";
import { conv, partial, seen, weights, winner } from "./arithmetic.js";
import { inkOn, signed } from "./colours.js";

// The lens, with the weights in it: a block for each channel, or the one that a pool looks at.
export function buildLens(v) {
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
export const roving = ({ all }, chosen) =>
	all(".ck-weight").forEach((cell) => (cell.tabIndex = cell === chosen ? 0 : -1));

export function fillWeights({ s, cursor, blocks }) {
	const most = max(...s.kernel_data.map(abs)) || 1;
	for (const [c, { cells }] of conv(s) ? blocks.entries() : [])
		weights(s, cursor[0], c).forEach((value, t) => {
			const field = cells[t].children[1], colour = signed(value / most);
			if (Math.fround(parse(field.value)) !== value) field.value = show(value, 4);
			field.ariaInvalid = "false";
			Object.assign(field.style, { background: `rgb(${colour})`, color: inkOn(colour) });
		});
}

// Into the lens.
export function look({ s, cursor: [map], blocks }, taps, veiled) {
	const pool = s.mode === "max", several = s.kernel_data.length > taps.length;
	blocks.forEach(({ cells, title, table }, i) => {
		const c = conv(s) ? i : map, values = seen(s, c, taps), w = conv(s) && weights(s, map, c);
		const best = pool && !veiled ? winner(values, taps) : -1;
		cells.forEach((cell, t) => {
			const outside = taps[t] < 0, slope = outside ? 0 : pool ? +(t === best) : `1/${taps.length}`;
			const [above, below] = conv(s) ? [`${brief(values[t])} ×`, `= ${veiled ? "?" : brief(values[t] * w[t])}`]
				: [veiled ? "" : `slope ${slope}`, pool && outside ? "−∞" : brief(values[t])];
			cell.firstChild.textContent = above;
			cell.lastChild.textContent = below;
			cell.className = outside ? "ck-padding" : t === best ? "ck-winner" : "";
		});
		table.ariaLabel = title.textContent = !conv(s) ? "window" : `window × kernel${several ? ` ${map}, ${c}: ` +
			(veiled ? "?" : show(partial(s, map, c, taps), 4)) : ""}`;
	});
}
