// What V8 printed of the functions it compiled (--print-opt-code --print-opt-source): where their machine code lies, and which function
// and line each part of it comes from.
import { existsSync, readFileSync } from 'node:fs';

const SOURCE = /^--- FUNCTION SOURCE \((.*):([^:]*)\) id\{(\d+),-?\d+\} start\{(\d+)\} ---/;
const CODE = /^optimization_id = (\d+)/;
const POSITION = /^\s*([0-9a-f]+)\s+(\d+)/;
/** Code is moved and replaced: how many blocks back the one that covers an address may lie. */
const LOOK_BACK = 300;

/**
 * @typedef {object} SourceFunction
 * @property {string} file
 * @property {string} name
 * @property {number} start place in the file
 * @property {number} length
 */
/**
 * @typedef {object} Block compiled code of a function with what was inlined into it
 * @property {number} order of compilation
 * @property {number} address
 * @property {number} size
 * @property {{ offset: number, source: SourceFunction | undefined, position: number }[]} places ascending by offset
 */

/** The lines of a file, one after the other. */
class Lines {
  constructor(file) {
    this.lines = readFileSync(file, 'latin1').split('\n');
    this.at = 0;
  }
  get line() {
    return this.lines[this.at];
  }
  get isOver() {
    return this.at >= this.lines.length;
  }
  skipTo(start) {
    while (!this.line.startsWith(start)) this.at += 1;
  }
}

/** Compiled code by address. */
export class CompiledCode {
  /** @type {Block[]} */
  #blocks = [];
  /** Functions of each compilation: the one compiled and those inlined. */
  #sources = new Map();
  #texts = new Map();

  /** @param {string} file */
  constructor(file) {
    const lines = new Lines(file);
    for (; !lines.isOver; lines.at += 1) {
      const source = SOURCE.exec(lines.line);
      if (source !== null) this.#takeSource(lines, source);
      const code = CODE.exec(lines.line);
      if (code !== null) this.#takeCode(lines, Number(code[1]));
    }
    this.#blocks.sort((a, b) => a.address - b.address || a.order - b.order);
  }

  #takeSource(lines, [, file, name, id, start]) {
    let length = 0;
    for (lines.at += 1; !lines.line.startsWith('--- END'); lines.at += 1) length += lines.line.length + 1;
    const known = this.#sources.get(id) ?? [];
    this.#sources.set(id, [...known, { file: file.replace('file://', ''), name, start: Number(start), length }]);
  }

  #takeCode(lines, id) {
    lines.skipTo('Instructions (size');
    const size = Number(/size = (\d+)/.exec(lines.line)[1]);
    lines.at += 1;
    const address = parseInt(lines.line, 16);
    lines.skipTo('Source positions');
    const places = [];
    for (lines.at += 2; POSITION.test(lines.line); lines.at += 1) {
      const [, offset, text] = POSITION.exec(lines.line);
      const position = Number(text);
      places.push({ offset: parseInt(offset, 16), position, source: this.#innermost(String(id), position) });
    }
    this.#blocks.push({ order: this.#blocks.length, address, size, places });
  }

  /** The shortest function of a compilation that holds a place: V8 does not say the file, so two files may be taken for each other. */
  #innermost(id, position) {
    const holds = ({ start, length }) => position >= start && position < start + length;
    const [first] = (this.#sources.get(id) ?? []).filter(holds).toSorted((a, b) => a.length - b.length);
    return first;
  }

  /** Where the instruction at an address comes from; undefined for code that was not compiled from a script. */
  find(address) {
    const block = this.#blockAt(address);
    return block?.places.findLast(({ offset }) => offset <= address - block.address);
  }

  #blockAt(address) {
    const blocks = this.#blocks;
    let [low, high] = [0, blocks.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (blocks[middle].address <= address) low = middle + 1;
      else high = middle;
    }
    const near = blocks.slice(Math.max(0, low - LOOK_BACK), low);
    return near
      .filter(({ address: from, size }) => address < from + size)
      .toSorted((a, b) => b.order - a.order)
      .at(0);
  }

  /** Number and text of the line of a place. */
  lineOf({ source, position }) {
    const text = this.#textOf(source.file);
    const number = text.slice(0, position).split('\n').length;
    return { number, text: text.split('\n')[number - 1]?.trim() ?? '' };
  }

  #textOf(file) {
    if (!this.#texts.has(file)) this.#texts.set(file, existsSync(file) ? readFileSync(file, 'utf8') : '');
    return this.#texts.get(file);
  }
}
