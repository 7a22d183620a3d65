// SPDX-License-Identifier: Apache-2.0
import { escapeControls } from '@latticra/evidence-format';

/** Formats rows so that each column begins in one place, without room at the end of a line; ends each in LF. */
export function formatColumns(rows: readonly (readonly string[])[], indent = ''): string {
  const plain = rows.map((row) => row.map(escapeControls));
  const widths = (plain[0] ?? []).map((_, column) =>
    Math.max(...plain.map((row) => row[column]?.length ?? 0)),
  );
  return plain
    .map((row) =>
      `${indent}${row.map((cell, column) => cell.padEnd((widths[column] ?? 0) + 2)).join('')}`.trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
