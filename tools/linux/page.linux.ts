// SPDX-License-Identifier: Apache-2.0
/** Runs docs/linux.md as it is written: every block of shell, in one shell, in its order. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { blocksOf } from '../docs/blocks.js';
import { bundleApps } from '../testing/bundle-apps.js';
import { itWith } from '../testing/tools.js';

const TOOLS = ['mmdebstrap', 'qemu-system-x86_64', 'openssl', 'sbsign', 'timeout'];
const TIME_LIMIT_SECONDS = 1500;
/** What the shell says before each block, with the time in seconds: how long a reader waits for it. */
const MARK = 'block begins';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'latticra-page-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Puts the commands of the workspace where a shell finds them, as they ship. */
async function installCommands(folder: string): Promise<void> {
  mkdirSync(folder);
  for (const [name, script] of await bundleApps(join(scratch, 'apps'))) {
    writeFileSync(join(folder, name), `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@"\n`, {
      mode: 0o755,
    });
  }
}

itWith(
  TOOLS,
  'the page about an image of your own leads from packages to a system that booted and is sealed',
  async () => {
    const bin = join(scratch, 'bin');
    await installCommands(bin);
    const blocks = blocksOf('docs/linux.md').filter(({ language }) => language === 'sh');
    expect(blocks.length).toBeGreaterThan(4);
    const script = join(scratch, 'page.sh');
    const marked = blocks.map(({ text }) => `echo "${MARK} $(date +%s)"\n${text}`);
    writeFileSync(script, `set -eu\n${marked.join('')}`);
    // With a time limit on all that it starts, the machine included.
    const { status, stdout, stderr } = spawnSync(
      'timeout',
      ['-k', '5', String(TIME_LIMIT_SECONDS), 'sh', script],
      {
        cwd: scratch,
        env: { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` },
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      },
    );
    const times = [...stdout.matchAll(new RegExp(`^${MARK} (\\d+)$`, 'gm'))].map(([, time]) => Number(time));
    times.push(Math.round(Date.now() / 1000));
    for (const [index, { line }] of blocks.slice(0, times.length - 1).entries()) {
      const seconds = (times[index + 1] ?? 0) - (times[index] ?? 0);
      process.stdout.write(`page | docs/linux.md:${line} | ${seconds} s\n`);
    }
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
    const at = (name: string) => join(scratch, 'my-debian', name);
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
