// The page of an explorer, as text.

const HELP = `Arrow keys move the window, or go from weight to weight; Home and End go to the ends of a
row, Page Up and Page Down to another map, Space plays. While drawing, Enter flips the middle pixel.`;
export const NO_NUMBER = "Type a number such as −1, 0.5 or 1/9.";

const button = (act, text, label = text) =>
	`<button type="button" data-name="${act}" aria-label="${label}">${text}</button>`;
export const option = (value, text = value) => `<option value="${value}">${text}</option>`;
const pair = (name) => `<span data-name="${name}">${name} ${["height", "width"].map((side, axis) =>
	`<input type="number" data-pair="${name}" data-axis="${axis}" max="9"
		min="${+(name !== "padding")}" aria-label="${name}, ${side}">`).join("×")}</span>`;
// A grid is one tab stop; what its window sees is told by the status below.
const grid = (name, id) =>
	`<div class="ck-grid" role="application" tabindex="0" data-grid="${name}" aria-describedby="${id}"></div>`;

export const page = (id) => `<div class="ck-controls" role="group" aria-label="settings">
	<select data-name="mode" aria-label="operation">${option("conv", "convolution")}
		${option("max", "max pooling")}${option("average", "average pooling")}</select>
	<select data-name="preset" aria-label="a kernel by name"></select>
	${["stride", "padding", "dilation"].map(pair).join("")}
	${button("draw", "draw")}${button("predict", "predict")}
	<span data-name="play">${button("back", "◂", "one step back")}${button("start", "▶", "play")}
		${button("on", "▸", "one step on")}<input type="range" aria-label="position"></span>
	${button("reset", "reset")}</div>
<div class="ck-board">${grid("input", id)}<div class="ck-lens"></div>${grid("output", id)}
	<svg aria-hidden="true"><path /></svg></div>
<p class="ck-sum"></p>
<p class="ck-small ck-whose"></p>
<form><label>your answer <input inputmode="decimal"></label> <button>check</button></form>
<p class="ck-small" data-name="size"></p><p class="ck-small ck-key"></p>
<details class="ck-small"><summary>Keys</summary><span id="${id}">${HELP}</span></details>
<div class="ck-unseen" role="status"></div>`;
