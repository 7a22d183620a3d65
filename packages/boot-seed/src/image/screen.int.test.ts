// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layoutChunks } from '@latticra/disk-image';
import { writeFileAtomic } from '@latticra/held-files';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { setBuildId } from '../patch/build-id.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { OVMF, photograph } from '../testing/qemu.js';
import { buildBootIso } from './iso.js';

const LINE = 'LATTICRA BOOT SEED OK';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latticra-screen-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Cuts a row of `LINE.length` letters out of a binary PPM: for each the pattern of pixels that are lit. */
function letters(
  picture: Buffer,
  place: { left: number; top: number; width: number; height: number },
): string[] {
  const header = /^P6\n(\d+) (\d+)\n255\n/.exec(picture.toString('latin1', 0, 32));
  const columns = Number(header?.[1]);
  const start = header?.[0].length ?? 0;
  return [...LINE].map((_, index) => {
    let pattern = '';
    for (let y = 0; y < place.height; y++) {
      for (let x = 0; x < place.width; x++) {
        const at = (place.top + y) * columns + place.left + index * place.width + x;
        pattern += (picture[start + at * 3] ?? 0) > 100 ? '#' : '.';
      }
    }
    return pattern;
  });
}

/**
 * Expects that two letters look alike where the line has the same letter twice, and only there; the space is dark.
 */
function expectLine(patterns: readonly string[]): void {
  for (const [i, pattern] of patterns.entries()) {
    expect(pattern.includes('#'), `letter ${i}`).toBe(LINE[i] !== ' ');
    for (const [j, other] of patterns.entries())
      expect(pattern === other, `${i} and ${j}`).toBe(LINE[i] === LINE[j]);
  }
}

describe('the line on the screen', () => {
  const cases = [
    { firmware: 'seabios', needs: [], place: { left: 0, top: 0, width: 9, height: 16 } },
    { firmware: 'ovmf', needs: [OVMF.code, OVMF.vars], place: { left: 16, top: 16, width: 16, height: 16 } },
  ] as const;
  for (const { firmware, needs, place } of cases) {
    itWith(
      ['qemu-system-x86_64', ...needs],
      `the kernel writes its line on the screen under ${firmware}`,
      async () => {
        const image = join(folder, 'seed.iso');
        const kernel = setBuildId(PREBUILT_PARTS.kernel, 'on-the-screen');
        await writeFileAtomic(image, layoutChunks(buildBootIso({ kernel })));
        const request = { folder, image, format: 'raw', attach: 'cdrom', firmware, machine: 'q35' } as const;
        expectLine(letters(await photograph(request, 'on-the-screen'), place));
      },
    );
  }
});
