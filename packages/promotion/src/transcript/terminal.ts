// SPDX-License-Identifier: Apache-2.0

/**
 * What a terminal acts upon and does not show (ECMA-48): control sequences; strings of an operating system command, of device control
 * and of programs, each up to what ends it or the next escape; and escapes of two and more characters.
 */
const SEQUENCE =
  /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[ -/]+[0-~]|[0-~])/g;
/** A control sequence that chooses how text looks (ECMA-48, 8.3.117). */
const LOOK = /\x1b\[([0-9;:]*)m/g;
/** The control characters of ISO 6429 in one byte: some terminals take one for an escape, others show nothing. */
const C1 = /[\u0080-\u009f]/;
/** Parameters behind which a colour stands: of text, its ground and its line. */
const COLOURS: ReadonlySet<string> = new Set(['38', '48', '58']);

/** Takes away what a terminal does not show, and what was deleted while typing. */
export function shownText(raw: string): string {
  return applyBackspaces(raw.replace(SEQUENCE, '')).replaceAll('\r', '');
}

/** Says by what a log holds text that nobody saw on the terminal, as the end of a sentence; undefined where it does not. */
export function hiddenIn(raw: string): string | undefined {
  const control = C1.exec(raw)?.[0];
  if (control !== undefined)
    return `a control character (U+${control.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}) that terminals read differently`;
  for (const [, parameters = ''] of raw.matchAll(LOOK))
    if (isConcealing(parameters)) return 'text that was concealed on the terminal';
  return undefined;
}

/** Returns whether parameters of a look have the 8 that conceals, and not only the number of a colour. */
function isConcealing(parameters: string): boolean {
  const each = parameters.split(';');
  for (let at = 0; at < each.length; at++) {
    const value = each[at] ?? '';
    if (/^0*8$/.test(value)) return true;
    // A colour by its number takes two more, one by its parts four.
    if (COLOURS.has(value)) at += each[at + 1] === '2' ? 4 : 2;
  }
  return false;
}

/** Takes away what was deleted while typing. */
function applyBackspaces(text: string): string {
  if (!text.includes('\b')) return text;
  const kept: string[] = [];
  for (const character of text) {
    if (character !== '\b') kept.push(character);
    else if (kept.at(-1) !== '\n') kept.pop();
  }
  return kept.join('');
}
