// SPDX-License-Identifier: Apache-2.0
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { itWith } from '../testing/tools.js';
import { parsePackageManager, pinnedPnpm } from './pinned.mjs';

const HEX = '5e'.repeat(64);

describe('packageManager', () => {
  it('packageManager names pnpm, its version and the digest of its archive', () => {
    expect(parsePackageManager(`pnpm@1.2.3+sha512.${HEX}`)).toEqual({ version: '1.2.3', sha512: HEX });
    const root = JSON.parse(
      readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'),
    );
    expect(() => parsePackageManager(root.packageManager)).not.toThrow();
  });

  it.each([
    ['no digest', 'pnpm@1.2.3'],
    ['a weaker one', `pnpm@1.2.3+sha256.${'5e'.repeat(32)}`],
    ['half a digest', `pnpm@1.2.3+sha512.${HEX.slice(1)}`],
    ['another program', `npm@1.2.3+sha512.${HEX}`],
    ['a tag', `pnpm@latest+sha512.${HEX}`],
    ['nothing', undefined],
  ])('packageManager with %s is refused', (_, text) => {
    expect(() => parsePackageManager(text)).toThrow('expected pnpm@<version>+sha512.<hex>');
  });
});

describe('the pinned pnpm', () => {
  let folder: string;
  let archive: string;
  let sha512: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'pinned-'));
    const source = join(folder, 'source');
    mkdirSync(join(source, 'bin'), { recursive: true });
    const script = join(folder, 'script-ran');
    writeFileSync(
      join(source, 'package.json'),
      JSON.stringify({
        name: 'pnpm',
        version: '1.2.3',
        bin: { pnpm: 'bin/pnpm.cjs' },
        scripts: { install: `touch '${script}'` },
      }),
    );
    writeFileSync(join(source, 'bin/pnpm.cjs'), "#!/usr/bin/env node\nconsole.log('1.2.3');\n");
    execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
      cwd: source,
    });
    archive = join(folder, 'pnpm-1.2.3.tgz');
    sha512 = createHash('sha512').update(readFileSync(archive)).digest('hex');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const fetch = (what: string, into: string) => {
    expect(what).toBe('pnpm@1.2.3');
    copyFileSync(archive, join(into, 'pnpm-1.2.3.tgz'));
  };
  const never = () => expect.unreachable();

  itWith(['npm'], 'the pinned pnpm is fetched once, measured, and runs by its path and by its name', () => {
    const cache = join(folder, 'cache');
    const script = pinnedPnpm({ version: '1.2.3', sha512 }, cache, fetch);
    expect(pinnedPnpm({ version: '1.2.3', sha512 }, cache, never)).toBe(script);
    for (const argv of [[process.execPath, script], [join(script, '../../../.bin/pnpm')]]) {
      expect(spawnSync(argv[0] ?? '', argv.slice(1), { encoding: 'utf8' }).stdout).toBe('1.2.3\n');
    }
    expect(readdirSync(cache)).toHaveLength(1);
    expect(readdirSync(folder)).not.toContain('script-ran');
  });

  itWith(['npm'], 'an archive of another digest is refused, and nothing of it is kept', () => {
    const cache = join(folder, 'cache');
    expect(() => pinnedPnpm({ version: '1.2.3', sha512: HEX }, cache, fetch)).toThrow(
      `the archive has SHA-512 ${sha512}, package.json expects ${HEX}`,
    );
    expect(readdirSync(cache)).toEqual([]);
  });
});
