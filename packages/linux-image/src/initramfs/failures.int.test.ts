// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { itWith } from '../../../../tools/testing/tools.js';
import { bootRoot, ROOT_TOOLS, type RootTry } from '../testing/root.js';
import type { ArchiveEntry } from './entry.js';

const TIME_LIMIT = 120_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-root-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const over = (path: string, content: string): { over: ArchiveEntry[] } => ({
  over: [
    { path: 'latticra', mode: 0o755, content: undefined },
    { path: 'latticra/modules', mode: 0o755, content: undefined },
    { path, mode: 0o644, content: Buffer.from(content) },
  ],
});

describe('what the helper says where it cannot make a root', () => {
  const OTHER = '00000000-1111-4222-8333-444444444444';
  const cases: [string, RegExp, RootTry][] = [
    [
      'no medium with the root on it for a minute',
      /latticra: error: no disk or CD holds the root of this system/,
      {
        changeConfig: (config) => ({ ...config, uuid: OTHER, sectors: [...config.sectors, 999_999_999_999] }),
        passesTime: true,
      },
    ],
    [
      'a configuration that says nothing',
      /latticra: error: the configuration of the root is incomplete/,
      over('latticra/config', 'root=verity\nblocks=ten\n'),
    ],
    [
      'a module that is none',
      /latticra: error: the kernel does not load the module dm-verity\.ko \(errno 8\)/,
      over('latticra/modules/dm-verity.ko', 'no module\n'),
    ],
    [
      'a kernel without a device mapper',
      /latticra: error: the kernel has no device mapper \(errno \d+\)/,
      over('latticra/modules/dm-mod.ko', 'no module\n'),
    ],
  ];
  for (const [what, message, tried] of cases) {
    itWith(
      ROOT_TOOLS,
      `the helper names ${what}, and leaves the rest to the distribution`,
      async () => {
        const { exitCode, lines } = await bootRoot(folder, tried);
        expect(lines.join('\n')).toMatch(message);
        expect(lines).toContain('TEST_PID 1');
        expect(lines).not.toContain('TEST_MOUNTED');
        expect(exitCode).toBe(0);
      },
      TIME_LIMIT,
    );
  }

  itWith(
    ROOT_TOOLS,
    'a root hash of another root stops the machine',
    async () => {
      const changeConfig: RootTry['changeConfig'] = (config) =>
        config.root === 'verity' ? { ...config, hash: '00'.repeat(32) } : config;
      const { lines } = await bootRoot(folder, { changeConfig });
      expect(lines.join('\n')).toMatch(/device-mapper: verity: .* is corrupted/);
      expect(lines.join('\n')).toMatch(/Kernel panic - not syncing/);
      expect(lines).not.toContain('TEST_MOUNTED');
    },
    TIME_LIMIT,
  );

  itWith(
    ROOT_TOOLS,
    'an initramfs without an init is named',
    async () => {
      const { lines } = await bootRoot(folder, { given: new Uint8Array(512) });
      expect(lines.join('\n')).toMatch(/latticra: error: the initramfs has no \/init that runs \(errno 2\)/);
      expect(lines.join('\n')).toMatch(/Kernel panic - not syncing: Attempted to kill init/);
    },
    TIME_LIMIT,
  );
});
