// An explorer without a kernel: a model that keeps the state and tells who asked to be told.
function alone(el, stored) {
	const state = { ...stored }, told = [];
	for (const name of ["image_data", "kernel_data", "bias_data"])
		state[name] = new DataView(Uint8Array.from(atob(state[name]), (mark) => mark.charCodeAt(0)).buffer);
	const model = {
		get: (name) => state[name],
		set(name, value) {
			state[name] = value;
			for (const [event, tell] of told) if (event === `change:${name}`) tell();
		},
		on: (event, tell) => told.push([event, tell]),
		off: () => {},
		save_changes: () => {},
	};
	return render({ model, el });
}
