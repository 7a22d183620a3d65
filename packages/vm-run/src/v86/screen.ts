// SPDX-License-Identifier: Apache-2.0

const COLUMNS = 80;
const ROWS = 25;

/** A text screen that is filled cell by cell. */
export interface TextScreen {
  put(row: number, column: number, character: number): void;
  /** Returns the text on the screen: printable ASCII, other characters as `?`, without blanks at the end of lines. */
  text(): string;
}

/** Makes an empty screen of 80 columns and 25 rows. */
export function createTextScreen(): TextScreen {
  const cells = new Uint8Array(COLUMNS * ROWS).fill(0x20);
  return {
    put(row, column, character) {
      if (row < ROWS && column < COLUMNS) cells[row * COLUMNS + column] = character === 0 ? 0x20 : character;
    },
    text() {
      const rows = Array.from({ length: ROWS }, (_, row) =>
        Buffer.from(cells.subarray(row * COLUMNS, (row + 1) * COLUMNS))
          .toString('latin1')
          .replace(/[^ -~]/g, '?')
          .trimEnd(),
      );
      return `${rows.join('\n').trimEnd()}\n`;
    },
  };
}
