// SPDX-License-Identifier: Apache-2.0
import type { Evidence } from '../evidence/piece.js';
import { type InEvidence, inEvidence } from './command.js';

/** Returns a path at which nothing lies in the evidence: `boots`, else `boots-2`; before a suffix, where there is one. */
export function unusedPath(
  { pieces, refused }: Pick<Evidence, 'pieces' | 'refused'>,
  stem: string,
  suffix = '',
): InEvidence {
  const used = [...pieces, ...refused].map(({ path }) => path.toLowerCase());
  const isUsed = (path: string) => used.some((each) => each === path || each.startsWith(`${path}/`));
  for (let count = 1; ; count++) {
    const path = `${stem}${count === 1 ? '' : `-${count}`}${suffix}`;
    if (!isUsed(path)) return inEvidence(path);
  }
}
