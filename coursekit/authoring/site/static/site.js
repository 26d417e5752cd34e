// What the pages of the site do: judge answers, copy code, stop motion, open folds for paper.

// Numbers, shapes and letters, read and shown as coursekit.exercises.reading does.
const THOUSANDS = /^\d{1,3}(,\d{3})+(\.\d+)?$/;

function numbersIn(text, one) {
	const percent = one && /^(.*\d)\s*%$/.exec(text.trim());
	if (percent) return Number.isFinite(+percent[1]) ? percent[1] / 100 : null;
	let bare = text.trim().replace(/^[()[\]]+|[()[\]]+$/g, "").replace(/[×x]/g, ",").replaceAll("−", "-");
	if (one && THOUSANDS.test(bare)) bare = bare.replaceAll(",", "");
	const parts = bare.split(",").filter((part) => part.trim()).map(Number);
	if (!parts.length || !parts.every(Number.isFinite)) return null;
	return parts.length === 1 ? parts[0] : parts;
}

function readAnswer(known, text) {
	if (known.kind === "letter") return text || null;
	const many = known.kind === "numbers", value = numbersIn(text, !many);
	if (Array.isArray(value) !== many || (known.share && !(value >= 0 && value <= 1))) return null;
	return value;
}

function isSame(left, right) {
	if (Array.isArray(left) || Array.isArray(right))
		return Array.isArray(left) && Array.isArray(right) && left.length === right.length &&
			left.every((part, i) => isSame(part, right[i]));
	if (left === right || typeof left === "string" || Number.isInteger(right)) return left === right;
	if (Math.abs(left - right) <= Math.max(1e-3 * Math.max(Math.abs(left), Math.abs(right)), 1e-9)) return true;
	const places = (String(left).split(".")[1] ?? "").length;
	return Math.abs(left) * 10 ** places >= 10 && +right.toFixed(places) === left;
}

function showAnswer(value) {
	if (Array.isArray(value)) return `(${value.map(showAnswer).join(", ")}${value.length === 1 ? "," : ""})`;
	return typeof value === "number" && !Number.isInteger(value) ? String(+value.toPrecision(6)) : String(value);
}

// What is said about a guess, as coursekit.exercises.guessing does, and how near it was.
function tell(known, value) {
	const named = (one) => showAnswer(one) + (known.options[one] ? `, ${known.options[one]}` : "");
	if (isSame(value, known.answer))
		return { how: "right", said: `${known.you} ${named(value)}, and so it is. ${known.because}` };
	const near = known.near && typeof value === "number" && Math.abs(value - known.answer) <= known.near;
	const slip = known.slips.find(([other]) => isSame(value, other));
	const guess = named(value) + (near ? ", and that is near" : "");
	const right = `${named(known.answer)}. ${known.because}`;
	return { how: near ? "near" : "wrong", said: `${known.you} ${guess}; it is ${right}${slip ? ` ${slip[1]}` : ""}` };
}

const SIGNS = { right: "✓", near: "≈", wrong: "✗", open: "?" };

function say(place, how, text) {
	const sign = document.createElement("strong");
	sign.textContent = `${SIGNS[how]} `;
	place.className = `told ${how}`;
	place.replaceChildren(sign, text);
}

// Which parts of a wrong shape are right, as `check` says it.
function partly([[wanted]], value) {
	if (!Array.isArray(wanted) || !Array.isArray(value)) return "";
	if (wanted.length !== value.length)
		return `That is ${value.length} number${value.length === 1 ? "" : "s"}, and the shape has ${wanted.length}.`;
	const right = value.flatMap((part, i) => (isSame(part, wanted[i]) ? [`the ${part} in position ${i}`] : []));
	return right.length ? `Right so far: ${right.join(" and ")}.` : "";
}

function sayOutcome(place, known, value) {
	const found = known.outcomes.find(([other]) => isSame(value, other));
	if (!found) {
		const said = [`${showAnswer(value)} is not it.`, partly(known.outcomes, value), "Look at the hints, and try again."];
		return say(place, "wrong", said.filter(Boolean).join(" "));
	}
	place.className = "told";
	place.innerHTML = found[1];
}

function answerForm(form) {
	const known = JSON.parse(form.querySelector("script").textContent), place = form.querySelector(".told");
	const opens = form.nextElementSibling;
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const value = readAnswer(known, new FormData(form).get("answer") ?? "");
		if (value === null) return say(place, "open", known.wanted ? `Answer with ${known.wanted}.` : "Answer first.");
		if (known.outcomes) return sayOutcome(place, known, value);
		const { how, said } = tell(known, value);
		say(place, how, said);
		if (opens?.matches("details.waits")) opens.open = true;
	});
}

async function copied(text) {
	try {
		await navigator.clipboard.writeText(text);
	} catch { // a page from a disk may be refused the clipboard
		const area = Object.assign(document.createElement("textarea"), { value: text });
		document.body.append(area), area.select();
		document.execCommand("copy"), area.remove();
	}
}

function addCopyButton(block) {
	const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "Copy" });
	button.onclick = async () => {
		await copied(block.querySelector("pre").innerText);
		button.textContent = "Copied";
		setTimeout(() => (button.textContent = "Copy"), 1500);
	};
	block.append(button);
}

function stopsMotion(button) {
	const image = button.parentElement.querySelector("img"), moving = image.getAttribute("src");
	button.onclick = () => {
		const stop = image.getAttribute("src") === moving;
		image.src = stop ? button.dataset.still : `${moving}`;
		button.textContent = stop ? "Move" : "Stop the motion";
	};
}

// Whatever scrolls sideways has to be reached by keyboard.
function reachScrollers() {
	for (const box of document.querySelectorAll(".scroller, .highlight pre, pre.printed, .table-wrapper")) {
		const scrolls = box.scrollWidth > box.clientWidth;
		box.toggleAttribute("tabindex", scrolls);
		if (scrolls) box.tabIndex = 0;
	}
}

// The theme opens its drawers by labels, which no keyboard reaches: buttons take their place.
function reachDrawers() {
	for (const label of document.querySelectorAll("label.nav-overlay-icon, label.toc-overlay-icon")) {
		const box = document.getElementById(label.htmlFor), button = document.createElement("button");
		Object.assign(button, { type: "button", className: `${label.className} drawer`, innerHTML: label.innerHTML });
		button.setAttribute("aria-label", box.getAttribute("aria-label"));
		button.onclick = () => box.click();
		const tell = () => button.setAttribute("aria-expanded", box.checked);
		tell(), box.addEventListener("change", tell);
		label.replaceWith(button);
	}
	addEventListener("keydown", ({ key }) => {
		if (key === "Escape") for (const box of document.querySelectorAll(".sidebar-toggle:checked")) box.click();
	});
}

// Paper shows all; what was closed is closed again afterwards.
let opened = [];
addEventListener("beforeprint", () => {
	opened = [...document.querySelectorAll("article details:not([open])")];
	for (const fold of opened) fold.open = true;
});
addEventListener("afterprint", () => { for (const fold of opened) fold.open = false; });

document.querySelectorAll("form.guess").forEach(answerForm);
document.querySelectorAll("article .highlight").forEach(addCopyButton);
document.querySelectorAll("[data-still]").forEach(stopsMotion);
reachDrawers(), reachScrollers();
addEventListener("resize", reachScrollers);
document.addEventListener("toggle", reachScrollers, true);
