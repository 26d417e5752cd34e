import { floor, max, min, show } from "./numbers.js";
import { FRAME, inkOn, LINE } from "./colours.js";

const LINED = 16, MANY = 16; // px of a pixel, and pixels a side, from which lines would hide the picture
const SMALLEST = 7; // px of a number; a smaller one is left out: the lens and the sentence have it

// A grid of pixels. What moves over it is drawn on a copy.
export class Pixels {
	constructor(canvas) {
		Object.assign(this, { canvas, still: document.createElement("canvas") });
	}

	// look(row, column) gives {colour, number or text, hatched}: 1 for padding, 2 behind the last window
	stand(rows, columns, cell, look) {
		Object.assign(this, { cell, scale: devicePixelRatio });
		this.lined = cell >= LINED && max(rows, columns) < MANY;
		const height = rows * cell + 2, width = columns * cell + 2;
		for (const canvas of [this.canvas, this.still])
			Object.assign(canvas, { height: height * this.scale, width: width * this.scale });
		this.canvas.style.width = `${width}px`;
		const pen = this.pen(this.still);
		pen.fillStyle = `${LINE}90`;
		pen.fillRect(-1, -1, width - 1, height - 1);
		const bare = this.plain && !this.lined && new ImageData(columns, rows); // colours, and no more
		for (let row = 0; row < rows; row++)
			for (let column = 0; column < columns; column++) {
				const seen = look(row, column);
				if (bare && seen.colour && !seen.hatched)
					bare.data.set([...seen.colour, 255], 4 * (row * columns + column));
				else this.pixel(pen, column * cell, row * cell, seen);
			}
		if (bare) this.enlarge(pen, bare);
	}

	// All bare pixels at once, which is several times as fast as one by one.
	enlarge(pen, bare) {
		const { height, width } = bare, small = Object.assign(document.createElement("canvas"), { height, width });
		small.getContext("2d").putImageData(bare, 0, 0);
		pen.imageSmoothingEnabled = false;
		pen.drawImage(small, 0, 0, width * this.cell, height * this.cell);
	}

	pen(canvas) {
		const pen = canvas.getContext("2d");
		pen.setTransform(this.scale, 0, 0, this.scale, this.scale, this.scale);
		return pen;
	}

	pixel(pen, x, y, { colour, number, text, hatched }) {
		const { cell } = this, side = cell - this.lined; // a line between pixels
		pen.fillStyle = colour && `rgb(${colour})`;
		pen[colour ? "fillRect" : "clearRect"](x, y, side, side);
		if (hatched) {
			pen.strokeStyle = hatched > 1 ? FRAME : LINE;
			pen.beginPath();
			pen.moveTo(x, y + cell), pen.lineTo(x + cell, y);
			if (hatched > 1) pen.moveTo(x, y), pen.lineTo(x + cell, y + cell);
			pen.stroke();
		}
		const written = !this.plain && (text ?? show(number)); // a word costs more than its pixel
		if (!written) return;
		const size = min(18, cell * 0.5), letters = (px) => `${px}px system-ui, sans-serif`;
		pen.font = letters(size);
		const fitting = size * min(1, (side - 3) / pen.measureText(written).width);
		if (fitting < SMALLEST) return;
		pen.font = letters(fitting);
		pen.textAlign = "center";
		pen.fillStyle = colour ? inkOn(colour) : LINE;
		pen.fillText(written, x + cell / 2, y + cell * 0.66);
	}

	// The picture, and frames [row, column, rows, columns, inset] in orange on a white rim.
	paint(frames) {
		const pen = this.pen(this.canvas), { cell, scale, still } = this;
		pen.clearRect(-1, -1, still.width, still.height);
		pen.drawImage(still, -1, -1, still.width / scale, still.height / scale);
		for (const [row, column, rows = 1, columns = 1, inset = 0] of frames)
			for (const [style, width] of [["#fff", 5], [FRAME, 3]]) {
				pen.strokeStyle = style;
				pen.lineWidth = width - (inset && 1);
				pen.strokeRect(column * cell + inset, row * cell + inset,
					columns * cell - 2 * inset, rows * cell - 2 * inset);
			}
	}

	at({ clientX, clientY }) {
		const { left, top } = this.canvas.getBoundingClientRect();
		return [clientY - top, clientX - left].map((place) => floor((place - 1) / this.cell));
	}
}
