// SPDX-License-Identifier: Apache-2.0
/**
 * The seed's kernel with something in it altered, in the embedded emulator: whatever that makes of it, the lane ends with
 * a reason. `FULL_SWEEP=1` tries all alterations and compares with docs/reliability.md; the suite tries some of each kind.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { buildSeed } from '@latticra/boot-seed';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { documentValues } from '../../../tools/testing/lane.js';
import { type Alteration, alterationsOf } from '../test/alterations.js';
import { lane } from './lane.js';

const full = process.env.FULL_SWEEP === '1';

let folder: string;
let script: string;
let iso: Buffer;
let kernel: Buffer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'altered-kernels-'));
  script = await bundleScript(new URL('./main.ts', import.meta.url), folder, { splitting: true });
  const seed = await buildSeed({ outputDir: join(folder, 'seed'), toolchain: 'prebuilt', env: { PATH: '' } });
  iso = readFileSync(seed.iso.path);
  kernel = readFileSync(seed.kernel.path);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Puts a kernel of the same length into the ISO, wherever the seed's own lies in it. */
function isoAround(altered: Buffer): Buffer {
  const image = Buffer.from(iso);
  let found = 0;
  for (let at = iso.indexOf(kernel); at >= 0; at = iso.indexOf(kernel, at + 1)) {
    image.set(altered, at);
    found += 1;
  }
  expect(found).toBeGreaterThan(0);
  return image;
}

type Outcome = 'refused' | 'emulator failed' | 'guest failed' | 'booted, not ours';

/** Runs the smoke of an altered kernel, and returns how it ended. */
async function smoke(name: string, altered: Buffer): Promise<Outcome> {
  const cwd = join(folder, name.replace(/\W+/g, '-'));
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'altered.iso'), isoAround(altered));
  const argv = ['--iso', 'altered.iso', '--output-dir', 'out', '--emulator', 'v86', '--timeout', '2'];
  const child = spawn(process.execPath, [script, ...argv], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  rmSync(cwd, { recursive: true });
  if (status === 0) {
    // What was altered does not matter to a boot; it does to whom the kernel is of.
    expect([name, stderr]).toEqual([name, '']);
    expect(documentValues(stdout), name).toMatchObject({
      kernel_is_ours: '0',
      boot_seed_embedded_smoke_ready: '0',
    });
    return 'booted, not ours';
  }
  expect([name, status, stdout]).toEqual([name, expect.toBeOneOf([65, 70]), '']);
  expect(stderr, name).toMatch(new RegExp(`^${lane.bin}: [^\\n]{1,1500}\\n$`));
  expect(stderr, name).not.toContain('internal error');
  if (status === 65) return 'refused';
  return /: v86 (says|stopped|ended|did not)\b/.test(stderr) ? 'emulator failed' : 'guest failed';
}

async function smokeAll(alterations: readonly Alteration[]): Promise<Map<Outcome, number>> {
  const counts = new Map<Outcome, number>();
  const left = [...alterations];
  const take = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const outcome = await smoke(next.name, next.apply(kernel));
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
      if (full) process.stdout.write(`${next.name}: ${outcome}\n`);
    }
  };
  await Promise.all([take(), take()]);
  return counts;
}

it(
  'an altered kernel in the emulator is a reason, or a boot of what is not ours',
  async () => {
    const all = alterationsOf(kernel);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    for (const { name, apply } of all) expect(apply(kernel).equals(kernel), name).toBe(false);
    const counts = await smokeAll(full ? all : all.filter((_, index) => index % 12 === 0));
    expect(counts.size).toBeGreaterThan(1);
    if (!full) return;
    const page = readFileSync(new URL('../../../docs/reliability.md', import.meta.url), 'utf8');
    const rows = [
      ...page.matchAll(/^\| (refused|emulator failed|guest failed|booted, not ours) \| (\d+) \|/gm),
    ];
    expect([...counts].sort()).toEqual(rows.map(([, outcome, count]) => [outcome, Number(count)]).sort());
  },
  full ? 1_200_000 : 120_000,
);
