// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '@latticra/evidence-format';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';
import { itWith } from '../../../tools/testing/tools.js';

const HASHES = 'reports/latticra-seal-cli-hashes.txt';
const REPORT = 'reports/latticra-seal-cli-report.txt';
const LOCK = 'latticra.seal.lock';

let tools = '';
let script = '';
let project = '';
const at = (name: string) => join(project, name);
const read = (name: string) => {
  try {
    return readFileSync(at(name), 'utf8');
  } catch {
    return undefined;
  }
};

beforeAll(async () => {
  tools = mkdtempSync(join(tmpdir(), 'seal-crash-bin-'));
  script = await bundleScript(new URL('./main.ts', import.meta.url), tools);
});
afterAll(() => rmSync(tools, { recursive: true, force: true }));
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'seal-crash-'));
  writeFileSync(at('README.md'), 'Demo\n');
  writeFileSync(at('LICENSE'), 'MIT\n');
  run(
    'init',
    '--project-id',
    'd',
    '--project-name',
    'D',
    '--project-version',
    '1',
    '--repository',
    'r',
    '--license',
    'MIT',
  );
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function run(...argv: string[]) {
  return spawnSync(process.execPath, [script, ...argv], { cwd: project, encoding: 'utf8' });
}

/** Runs a command with something done to one of its system calls. */
function disturbed(inject: string, command: string) {
  const argv = ['-f', '-qq', '-o', '/dev/null', '-e', `inject=${inject}`, process.execPath, script, command];
  return spawnSync('strace', argv, { cwd: project, encoding: 'utf8' });
}

describe('a run that is killed', () => {
  itWith(
    ['strace'],
    'at any step of writing leaves old artifacts or new ones, and the next run is fine',
    () => {
      expect(run('baseline').status).toBe(0);
      const old = read(LOCK);
      writeFileSync(at('new'), 'x');
      // What the files have to be in the end, found out on the side.
      expect(run('check').status).toBe(0);
      const fresh = read(HASHES);
      writeFileSync(at(LOCK), old ?? '');
      // Three artifacts: each is written, synced, renamed, and its folder synced. Before that, one is removed.
      const steps = [
        'unlink',
        ...[1, 2, 3].flatMap((n) => [`pwrite64@${n}`, `rename@${n}`]),
        ...[1, 2, 3, 4, 5, 6].map((n) => `fsync@${n}`),
      ];
      for (const step of steps) {
        const [call = '', when = '1'] = step.split('@');
        const killed = disturbed(`${call}:signal=SIGKILL:when=${when}`, 'baseline');
        expect(killed.signal, step).toBe('SIGKILL');
        expect([old, fresh], step).toContain(read(LOCK));
        expect([undefined, fresh], step).toContain(read(HASHES));
        expect(parseDocument(read(REPORT) ?? '').title).toBe('LATTICRA SEAL REPORT');
        expect(run('check').stdout, step).toMatch(/\nSTATUS: PASS\n$/);
        expect(readdirSync(at('reports')), step).toEqual([
          'latticra-seal-cli-hashes.txt',
          'latticra-seal-cli-report.txt',
        ]);
        expect(
          readdirSync(project).filter((name) => name.startsWith('.')),
          step,
        ).toEqual([]);
        writeFileSync(at(LOCK), old ?? '');
      }
    },
    180_000,
  );
});

describe('a run in which the system fails', () => {
  itWith(
    ['strace'],
    'never passes, and says why',
    () => {
      // Where a check writes: the hash list, then the report. Where it reads: names.
      const faults: [string, number, RegExp][] = [
        [
          'pwrite64:error=ENOSPC:when=1',
          1,
          /FAIL: reports\/.*hashes.txt: no space left on the device \(ENOSPC\)/,
        ],
        ['pwrite64:error=EIO:when=2', 2, /report.txt: input\/output error \(EIO\)/],
        ['fsync:error=EIO:when=2', 1, /FAIL: reports\/.*hashes.txt: .*input\/output error \(EIO\)/],
        ['fsync:error=EIO:when=3', 1, /FAIL: reports\/.*hashes.txt: .*power cut/],
        ['fsync:error=EIO:when=5', 2, /report.txt: .*power cut/],
        ['rename:error=EROFS:when=1', 1, /FAIL: reports\/.*hashes.txt: read-only file system \(EROFS\)/],
        ['rename:error=EIO:when=2', 2, /report.txt: input\/output error/],
        ['mkdir:error=EROFS:when=1', 2, /reports: read-only file system \(EROFS\)/],
        ['getdents64:error=EIO', 1, /FAIL: \.: input\/output error|FAIL: .*EIO/],
      ];
      for (const [inject, status, reason] of faults) {
        rmSync(at('reports'), { recursive: true, force: true });
        const failed = disturbed(inject, 'check');
        expect(`${failed.stdout}${failed.stderr}`, inject).toMatch(reason);
        expect(failed.status, inject).toBe(status);
        expect(failed.stdout, inject).not.toContain('STATUS: PASS');
        expect(read(HASHES), inject).toBeUndefined();
      }
    },
    120_000,
  );

  it('for want of descriptors fails, and says so', () => {
    let folder = project;
    for (let depth = 0; depth < 60; depth++) {
      folder = join(folder, 'd');
      mkdirSync(folder);
    }
    writeFileSync(join(folder, 'f'), 'x');
    const { status, stdout } = spawnSync(
      'sh',
      ['-c', 'ulimit -n 50; exec "$0" "$1" check', process.execPath, script],
      {
        cwd: project,
        encoding: 'utf8',
      },
    );
    expect(stdout).toMatch(/^FAIL: d\/.*: too many open files \(EMFILE\)$/m);
    expect(status).not.toBe(0);
  });
});
