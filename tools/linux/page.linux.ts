// SPDX-License-Identifier: Apache-2.0
/** Runs docs/linux.md as it is written: every block of shell, in one shell, in its order. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { followPage } from '../docs/run-page.js';
import { itWith } from '../testing/tools.js';

const TOOLS = ['mmdebstrap', 'qemu-system-x86_64', 'openssl', 'sbsign', 'timeout'];
const TIME_LIMIT_SECONDS = 1500;
let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'latticra-page-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

itWith(
  TOOLS,
  'the page about an image of your own leads from packages to a system that booted and is sealed',
  async () => {
    const { folder, blocks, status, stdout, stderr, seconds } = await followPage('docs/linux.md', {
      scratch,
      timeLimitSeconds: TIME_LIMIT_SECONDS,
    });
    expect(blocks.length).toBeGreaterThan(4);
    for (const [index, took] of seconds.entries())
      process.stdout.write(`page | docs/linux.md:${blocks[index]?.line} | ${took} s\n`);
    expect(status, stderr.slice(-2000)).toBe(0);
    for (const line of [
      'LATTICRA OS IMAGE BUILD',
      'sbom_valid=1',
      'artifact_manifest_ready_for_operator_review=1',
      'latticra-x86_64.iso: OK',
      'latticra.build=my-debian.1',
      'PASS: the scope is what the lockfile says',
    ]) {
      expect(stdout.split('\n'), line).toContain(line);
    }
    const at = (name: string) => join(folder, 'my-debian', name);
    // A line of the kernel's may come behind the prompt before the machine is ended.
    expect(readFileSync(at('serial.log'), 'latin1')).toMatch(/^\S+ login: (\[ *\d|$)/m);
    const record = (name: string) => readFileSync(at(`${name}/os-image-build.txt`), 'utf8');
    expect(record('signed-release')).toMatch(/^signed_uki_sha256=sha256:/m);
    // A signature leaves what it is over as it was.
    const authenticode = /^uki_authenticode_sha256=.*$/m;
    expect(record('signed-release').match(authenticode)?.[0]).toBe(
      record('release').match(authenticode)?.[0],
    );
    expect(existsSync(at('latticra.seal.lock'))).toBe(true);
  },
  (TIME_LIMIT_SECONDS + 300) * 1000,
);
