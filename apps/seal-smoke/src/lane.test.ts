// SPDX-License-Identifier: Apache-2.0
import {
  chmod,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '@latticra/evidence-format';
import { initManifest, seal } from '@latticra/seal-integrity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await realpath(await mkdtemp(join(tmpdir(), 'seal-smoke-')));
  await writeFile(join(cwd, 'README.md'), 'Demo\n');
  await writeFile(join(cwd, 'LICENSE'), 'MIT\n');
  const name = 'demo';
  const repository = 'https://example.org/demo';
  await initManifest(
    { name, id: name, version: '1.0', repository, license: 'MIT', description: undefined },
    { root: cwd },
  );
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const run = () => tryLane(lane, [], { cwd });
const read = (name: string) => readFile(join(cwd, 'reports', name), 'utf8');

describe(lane.bin, () => {
  it('the legacy lane writes its own two files, and finds what latticra-seal check finds', async () => {
    await mkdir(join(cwd, 'src'));
    await writeFile(join(cwd, 'src-x'), 'x');
    await writeFile(join(cwd, 'src/x'), 'x');
    const { status, stdout, stderr } = await run();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/\nSTATUS: PASS\n$/);
    expect(await readdir(join(cwd, 'reports'))).toEqual([
      'latticra-seal-file-hashes.txt',
      'latticra-seal-report.txt',
    ]);
    const { document } = await seal({
      command: 'check',
      root: cwd,
      now: () => new Date(),
      kernel: 'Linux',
      os: 'linux-x64',
      signal: new AbortController().signal,
    });
    expect(await read('latticra-seal-file-hashes.txt')).toBe(await read('latticra-seal-cli-hashes.txt'));
    const own = parseDocument(await read('latticra-seal-report.txt'));
    const digestOf = (sections: typeof own.sections) =>
      sections.find(({ name }) => name === 'digests')?.fields.find(({ key }) => key === 'root_digest');
    expect(digestOf(own.sections)).toEqual(digestOf(document.sections));
    const keysOf = ({ fields, sections }: typeof own) =>
      [{ name: '', fields }, ...sections].map((block) => [block.name, ...block.fields.map(({ key }) => key)]);
    expect(keysOf(own)).toEqual(keysOf(document));
    expect(await read('latticra-seal-report.txt')).toContain('\ncommand=smoke\npath_anchoring=none\n');
  });

  it('the legacy lane fails with a reason, and writes no hash list then', async () => {
    await symlink('README.md', join(cwd, 'link'));
    await writeFile(join(cwd, '.env'), 'x');
    const { status, stdout } = await run();
    expect(status).toBe(1);
    expect(stdout.match(/^FAIL: .*$/gm)).toEqual([
      'FAIL: link: is a symbolic link, expected a regular file or a folder; remove it, or exclude it',
      'FAIL: .env: is an environment file',
    ]);
    expect(await readdir(join(cwd, 'reports'))).toEqual(['latticra-seal-report.txt']);
    await rm(join(cwd, 'latticra.seal'));
    expect((await run()).stdout).toMatch(
      /\nFAIL: latticra\.seal: no such file; .* with latticra-seal init\n/,
    );
  });

  it.skipIf(process.getuid?.() !== 0)(
    'the legacy lane names by the path from the root what it may not read (as root)',
    async () => {
      await mkdir(join(cwd, 'closed'));
      await writeFile(join(cwd, 'secret'), 'x');
      // As a plain user for a moment: root may read everything.
      await chmod(cwd, 0o777);
      await chmod(join(cwd, 'closed'), 0o700);
      await chmod(join(cwd, 'secret'), 0o600);
      process.seteuid?.(65534);
      try {
        const { status, stdout } = await run();
        expect(status).toBe(1);
        expect(stdout.match(/^FAIL: .*$/gm)).toEqual([
          expect.stringMatching(/^FAIL: closed: .*permission denied/),
          expect.stringMatching(/^FAIL: secret: .*permission denied/),
        ]);
      } finally {
        process.seteuid?.(0);
      }
    },
  );

  it.skipIf(process.getuid?.() !== 0)(
    'the legacy lane says why it cannot make its report folder (as root)',
    async () => {
      await chmod(cwd, 0o755);
      process.seteuid?.(65534);
      try {
        expect(await run()).toMatchObject({
          status: 2,
          stdout: '',
          stderr: 'latticra-seal-smoke: reports: permission denied (EACCES)\n',
        });
      } finally {
        process.seteuid?.(0);
      }
    },
  );

  it('the legacy lane clears what a killed run left of its own files, and none of latticra-seal', async () => {
    await mkdir(join(cwd, 'reports'), { mode: 0o755 });
    const left = (name: string) => `.latticra-seal-${name}.txt.2147483647-0123456789ab.tmp`;
    for (const name of ['report', 'file-hashes', 'cli-report', 'cli-hashes'])
      await writeFile(join(cwd, 'reports', left(name)), 'half');
    expect((await run()).status).toBe(0);
    expect(await readdir(join(cwd, 'reports'))).toEqual([
      left('cli-hashes'),
      left('cli-report'),
      'latticra-seal-file-hashes.txt',
      'latticra-seal-report.txt',
    ]);
  });

  it('the legacy lane leaves no older hash list behind a failure', async () => {
    expect((await run()).status).toBe(0);
    await writeFile(join(cwd, '.env'), 'x');
    expect((await run()).status).toBe(1);
    expect(await readdir(join(cwd, 'reports'))).toEqual(['latticra-seal-report.txt']);
  });

  it('the legacy lane refuses a report folder that is not its owner’s alone', async () => {
    await mkdir(join(cwd, 'reports'));
    await chmod(join(cwd, 'reports'), 0o777);
    expect(await run()).toMatchObject({ status: 2, stdout: '' });
    await rm(join(cwd, 'reports'), { recursive: true });
    await symlink('/tmp', join(cwd, 'reports'));
    expect(await run()).toMatchObject({ status: 2, stdout: '' });
  });

  it.each(['latticra-seal-report.txt', 'latticra-seal-file-hashes.txt'])(
    'the legacy lane refuses anything but a regular file of one name as %s, and leaves no evidence',
    async (name) => {
      const place = join(cwd, 'reports', name);
      for (const put of [
        () => symlink('../LICENSE', place),
        () => symlink('../nowhere', place),
        () => link(join(cwd, 'LICENSE'), place),
        () => mkdir(place),
      ]) {
        await mkdir(join(cwd, 'reports'), { mode: 0o755 });
        await put();
        const { status, stdout, stderr } = await run();
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr).toContain(`reports/${name}: is no regular file of one name; look at what it is`);
        expect(await readdir(join(cwd, 'reports'))).toEqual([name]);
        expect(await readFile(join(cwd, 'LICENSE'), 'utf8')).toBe('MIT\n');
        await rm(join(cwd, 'reports'), { recursive: true });
      }
    },
  );

  it('the legacy lane refuses a root that is none', async () => {
    const at = (root: string) => tryLane(lane, ['--root', root], { cwd });
    expect(await at('nowhere')).toMatchObject({ status: 2, stderr: expect.stringContaining('nowhere: ') });
    expect(await at('LICENSE')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is a regular file, expected a folder; go to the root of the project'),
    });
    expect(await at('a\nb')).toMatchObject({ status: 64, stdout: '' });
    expect(await tryLane(lane, ['--nonsense'], { cwd })).toMatchObject({ status: 64, stdout: '' });
  });
});
