import { page } from "./markup.js";

// A view v: model and elements, the state s, what it computes (out) along which axes, the cursor
// [map, row, column], which outputs were guessed (known) or missed (tried), the lens's blocks.
export function view(model, el) {
	const root = document.createElement("div");
	root.className = "ck";
	root.innerHTML = page(`ck${Math.random().toString(36).slice(2)}`);
	el.append(root);
	const find = (name) => root.querySelector(name), all = (name) => [...root.querySelectorAll(name)];
	const named = (name) => find(`[data-name=${name}]`);
	const grid = (name) => ({ element: find(`[data-grid=${name}]`) });
	return { model, root, find, all, named, get: (name) => model.get(name), drawing: false,
		input: grid("input"), output: grid("output"), lens: find(".ck-lens"), sum: find(".ck-sum"),
		live: find("[role=status]"), scrub: find("[type=range]") };
}
