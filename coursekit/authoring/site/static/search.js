// Below each result of a search: where on its page, and the words around what was found.

const AROUND = [70, 150]; // letters before and after

const stemmer = new Stemmer();
const stems = (new URLSearchParams(location.search).get("q") ?? "").toLowerCase()
	.split(/[^\p{L}\p{N}]+/u).filter(Boolean).map((word) => stemmer.stemWord(word));

// The section that a result leads to, or the first of its page that holds most of the words.
function sectionOf(page, anchor) {
	const all = EXCERPTS[page] ?? [];
	if (anchor) return all.find(([id]) => id === anchor);
	const held = all.map(([, place, text]) => {
		const words = `${place} ${text}`.toLowerCase();
		return stems.filter((stem) => words.includes(stem)).length;
	});
	const most = Math.max(...held);
	return most > 0 ? all[held.indexOf(most)] : undefined;
}

// Words around the first that was found, cut between words; the beginning where none was.
function excerptOf(text) {
	const at = stems.map((stem) => text.toLowerCase().indexOf(stem)).filter((found) => found >= 0);
	const middle = at.length ? Math.min(...at) : 0, [before, after] = AROUND;
	const from = middle > before ? text.indexOf(" ", middle - before) + 1 : 0;
	const last = text.length > middle + after ? text.lastIndexOf(" ", middle + after) : text.length;
	return `${from ? "… " : ""}${text.slice(from, last)}${last < text.length ? " …" : ""}`;
}

function marked(text) {
	const line = document.createElement("p"), some = stems.map((stem) => `${stem}[\\p{L}\\p{N}]*`).join("|");
	line.className = "excerpt";
	const parts = some ? text.split(new RegExp(`((?<![\\p{L}\\p{N}])(?:${some}))`, "iu")) : [text];
	parts.forEach((part, n) => {
		const shown = n % 2 ? document.createElement("mark") : new Text();
		shown.textContent = part;
		line.append(shown);
	});
	return line;
}

function tellWhere(link) {
	const [page, anchor] = decodeURI(link.getAttribute("href")).split("#"), section = sectionOf(page, anchor);
	if (!section) return;
	const [id, place, text] = section, where = document.createElement("p");
	if (!anchor && id !== EXCERPTS[page][0][0]) link.href += `#${id}`;
	where.className = "place";
	where.textContent = place;
	if (place !== link.textContent) link.parentElement.append(where);
	if (text) link.parentElement.append(marked(excerptOf(text)));
}

const results = document.getElementById("search-results");
new MutationObserver(() => {
	for (const link of results.querySelectorAll("li > a:not([data-told])")) {
		link.dataset.told = "yes";
		tellWhere(link);
	}
}).observe(results, { childList: true, subtree: true });
