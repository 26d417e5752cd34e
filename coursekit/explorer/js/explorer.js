import { listen, read } from "./state.js";
import { view } from "./view.js";
import { refresh } from "./drawing.js";
import { stop } from "./moving.js";
import { bind, onKey } from "./input.js";

function render({ model, el }) {
	const v = view(model, el), update = () => (read(v), refresh(v)), key = (event) => onKey(v, event);
	update();
	v.first = v.s;
	bind(v);
	const quiet = listen(v, update), sized = new ResizeObserver(() => v.width === v.root.clientWidth || refresh(v));
	const resized = () => refresh(v);
	addEventListener("keydown", key, true);
	addEventListener("ck-room", resized); // the page around has another height for it
	sized.observe(v.root);
	return () => {
		stop(v), clearTimeout(v.resting), sized.disconnect(), quiet();
		removeEventListener("keydown", key, true), removeEventListener("ck-room", resized);
	};
}

export default { render };
