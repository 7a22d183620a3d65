// SPDX-License-Identifier: Apache-2.0

const COLUMNS = 80;
const ROWS = 25;
/** The cells of a screen, a byte each. */
export const SCREEN_BYTES = COLUMNS * ROWS;

/** A text screen that is filled cell by cell. */
export interface TextScreen {
  put(row: number, column: number, character: number): void;
  /** Returns the text on the screen: printable ASCII, other characters as `?`, without blanks at the end of lines. */
  text(): string;
}

/** Makes a screen of 80 columns and 25 rows whose characters lie in `cells`; a cell of 0 is blank. */
export function createTextScreen(cells: Uint8Array): TextScreen {
  return {
    put(row, column, character) {
      if (row < ROWS && column < COLUMNS) cells[row * COLUMNS + column] = character;
    },
    text() {
      const rows = Array.from({ length: ROWS }, (_, row) =>
        Buffer.from(cells.subarray(row * COLUMNS, (row + 1) * COLUMNS))
          .toString('latin1')
          .replaceAll('\0', ' ')
          .replace(/[^ -~]/g, '?')
          .trimEnd(),
      );
      return `${rows.join('\n').trimEnd()}\n`;
    },
  };
}
