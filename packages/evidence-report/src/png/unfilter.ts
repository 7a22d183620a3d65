// SPDX-License-Identifier: Apache-2.0
import { noPicture } from './chunks.js';

/**
 * Undoes the filters of the rows (ISO/IEC 15948, 9.2).
 * @param bytes a byte that names the filter before each row
 * @param rowBytes the length of a row without it
 * @param step the bytes of a pixel, 1 where it has less
 * @throws EvidenceReportError `not-picture` for a filter that does not exist
 */
export function unfilter(bytes: Buffer, rowBytes: number, step: number): Buffer {
  const height = bytes.length / (rowBytes + 1);
  const rows = Buffer.alloc(rowBytes * height);
  for (let y = 0; y < height; y++) {
    const filter = bytes[y * (rowBytes + 1)] ?? 0;
    if (filter > 4) throw noPicture(`has a row with the filter ${filter}`);
    for (let x = 0; x < rowBytes; x++) {
      const at = y * rowBytes + x;
      const left = x < step ? 0 : (rows[at - step] ?? 0);
      const above = y === 0 ? 0 : (rows[at - rowBytes] ?? 0);
      const corner = x < step || y === 0 ? 0 : (rows[at - rowBytes - step] ?? 0);
      rows[at] = (bytes[y * (rowBytes + 1) + 1 + x] ?? 0) + predicted(filter, left, above, corner);
    }
  }
  return rows;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const estimate = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
