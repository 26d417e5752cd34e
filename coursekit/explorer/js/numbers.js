// Numbers as people read and write them.

export const { abs, floor, max, min, round } = Math;

const near = (value) => abs(value - round(value)) < 1e-5;

// As a fraction such as 1/9 where it is one, else to some digits.
export function show(value, digits = 3) {
	const under = !near(8 * value) && abs(value) < 2 && [3, 6, 9, 12, 16].find((n) => near(n * value));
	const whole = abs(value) >= 10 ** digits;
	const text = under ? `${round(value * under)}/${under}`
		: String((whole ? round(value) : +value.toPrecision(digits)) || 0);
	return text.replace("-", "−");
}

// "−1", "0.5" or "1/9" as a number, or NaN.
export function parse(text) {
	const [over, under = 1, more] = text.replace(/[−–]/g, "-").replace(",", ".").split("/");
	return over.trim() && more === undefined && isFinite(over / under) ? over / under : NaN;
}

export const term = (value) => (value < 0 ? `(${show(value)})` : show(value));

// Short enough for a box of the lens: the small and the huge lose digits.
export function brief(value) {
	const text = show(value), size = abs(value);
	if (text.length <= 6) return text;
	return size < 1 ? show(+value.toFixed(4)) : value.toExponential(1).replace("-", "−").replace("e+", "e");
}
