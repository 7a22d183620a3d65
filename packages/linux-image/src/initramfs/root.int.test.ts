// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { bootRoot, CONTENT, CONTENT_SUM, ROOT_TOOLS } from '../testing/root.js';

const TIME_LIMIT = 120_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-root-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a foreign initramfs with the helper behind it', () => {
  const media = [
    ['a virtio disk', 'virtio'],
    ['a CD', 'ide-cd'],
  ] as const;
  for (const [medium, attach] of media) {
    itWith(
      ROOT_TOOLS,
      `the helper makes a verified root on ${medium}, and the distribution's own init mounts it`,
      async () => {
        const { exitCode, lines } = await bootRoot(folder, { attach, commandLine: 'single -- given words' });
        expect(lines.filter((line) => /latticra: error/.test(line))).toEqual([]);
        expect(lines.join('\n')).toMatch(/latticra: verified root on (vda|sr0) at sector \d+ is \/dev\/dm-1/);
        expect(lines).toContain('TEST_MOUNTED');
        expect(lines).toContain(`TEST_FILE ${CONTENT_SUM}  /mnt/etc/content`);
        // It finds everything as the kernel left it.
        for (const line of ['TEST_SYS', 'TEST_DEV', 'TEST_PID 1']) expect(lines).toContain(line);
        expect(lines).toContain('TEST_ARGUMENTS /init single given words');
        expect(exitCode).toBe(0);
      },
      TIME_LIMIT,
    );
  }

  itWith(
    ROOT_TOOLS,
    'one bit changed in a verified root stops the machine as soon as it is read',
    async () => {
      const flip = (image: Buffer) => {
        // Far from what the kernel reads ahead while it mounts.
        const at = image.indexOf(CONTENT.slice(0, 8192)) + CONTENT.length / 2;
        image[at] = (image[at] ?? 0) ^ 1;
      };
      const { lines } = await bootRoot(folder, { damage: flip });
      expect(lines).toContain('TEST_MOUNTED');
      const log = lines.join('\n');
      expect(log).toMatch(/device-mapper: verity: .* is corrupted/);
      expect(log).toMatch(/Kernel panic - not syncing/);
      expect(log).not.toContain('TEST_FILE');
    },
    TIME_LIMIT,
  );

  itWith(
    ROOT_TOOLS,
    'the helper makes a root that is not verified, under the same name',
    async () => {
      const { exitCode, lines } = await bootRoot(folder, { mode: 'plain' });
      expect(lines.join('\n')).toMatch(/latticra: root, not verified, on vda at sector \d+ is \/dev\/dm-1/);
      expect(lines).toContain(`TEST_FILE ${CONTENT_SUM}  /mnt/etc/content`);
      expect(exitCode).toBe(0);
    },
    TIME_LIMIT,
  );

  // What starts whole, with the initramfs that Debian's tools made, `pnpm linux:rehearsal` and `pnpm linux` try.
});
