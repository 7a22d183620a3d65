// SPDX-License-Identifier: Apache-2.0

/**
 * The control sequences of ECMA-48, with seven-bit and eight-bit introducers, as a terminal takes them: control
 * characters inside one do not end it, CAN, SUB and a new escape do, and one that is never finished reaches to
 * the end. What stands inside a sequence was never shown, so it is not text.
 */
const ESCAPES = new RegExp(
  [
    /(?:\x1b\[|\x9b)[\x00-\x17\x19\x1c-?]*[@-~\x18\x1a]?/, // CSI … final byte
    /(?:\x1b\]|\x9d)[^\x07\x18\x1a\x1b\x9c]*(?:\x1b\\|[\x07\x18\x1a\x9c])?/, // OSC … BEL or ST
    /(?:\x1b[PX^_]|[\x90\x98\x9e\x9f])[^\x18\x1a\x1b\x9c]*(?:\x1b\\|[\x18\x1a\x9c])?/, // DCS, SOS, PM, APC … ST
    /\x1b[\x00-\x17\x19\x1c-/]*[0-~\x18\x1a]?/, // any other escape
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

/** Returns text without the terminal sequences in it. */
export function stripEscapes(text: string): string {
  return text.replace(ESCAPES, '');
}

/** The sequences that erase from the cursor on, or all of the line (ECMA-48, 8.3.41). */
const ERASE = /^(?:\x1b\[|\x9b)[02]?K$/;
/** The place of such a sequence, in a text that cannot have this code point otherwise: no character is ever given it. */
const ERASED = '\ufdd0';
/** The cursor at the beginning of a line that is erased from there on. */
const GONE_BACK = new RegExp(`\\r${ERASED}+`);

/** The text that a serial log shows. */
export interface SerialText {
  /** The whole lines, each without the carriage returns around it. */
  readonly lines: readonly string[];
  /** The line that was never ended; '' where the log ends with a whole one. */
  readonly rest: string;
  /** The texts that were shown and then erased, for others in their place: progress, as systemd draws it. */
  readonly erased?: readonly string[];
}

/**
 * Cuts off the carriage returns around a line. A pattern would try each run of them inside as well, from every place in it:
 * a guest that writes a megabyte of them would keep us for hours.
 */
function withoutReturns(line: string): string {
  let [start, end] = [0, line.length];
  while (line[start] === '\r') start++;
  while (end > start && line[end - 1] === '\r') end--;
  return line.slice(start, end);
}

/** Reads the text that a serial log shows: UTF-8 (anything else becomes U+FFFD), without terminal sequences. */
export function readSerial(log: Uint8Array): Required<SerialText> {
  const erased: string[] = [];
  const lines = new TextDecoder()
    .decode(log)
    .replaceAll(ERASED, '\ufffd')
    .replace(ESCAPES, (sequence) => (ERASE.test(sequence) ? ERASED : ''))
    .split('\n')
    .map((line) => shownOf(line, erased));
  return { rest: lines.pop() ?? '', lines, erased };
}

/**
 * Returns what is left of a line: where the cursor went back to its beginning and erased it, what came then. A text that was
 * merely written over stays, with the carriage return in it, and so is no line that anybody waits for.
 */
function shownOf(line: string, erased: string[]): string {
  const texts = line.split(GONE_BACK).map((text) => withoutReturns(text.replaceAll(ERASED, '')));
  const last = texts.pop() ?? '';
  for (const text of texts) if (text !== '') erased.push(text);
  return last;
}

/** Returns the whole lines that a serial log shows, see {@link readSerial}. */
export function serialLines(log: Uint8Array): readonly string[] {
  return readSerial(log).lines;
}
