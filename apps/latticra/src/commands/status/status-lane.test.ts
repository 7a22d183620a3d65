// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseCommand } from '@latticra/shell-words';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeInputs } from '../../../../../packages/linux-release/src/testing/release.js';
import { BOOT_ISO, QCOW2_DISK } from '../../../../../tools/testing/images.js';
import { tryLane } from '../../../../../tools/testing/lane.js';
import { findLane } from '../../lanes/find.js';
import { loadLane } from '../../lanes/load.js';
import { LANES } from '../../lanes/table.js';
import { COMMANDS } from '../table.js';
import { lane } from './status-lane.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'status-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

function put(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), content);
}

const ask = (...argv: string[]) => tryLane(lane, argv, { cwd });
async function status(...argv: string[]) {
  const { status: code, stdout, stderr } = await ask(...argv, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

/** Types the next command, as a person would, and returns the words of it. */
async function type(command: string): Promise<string[]> {
  const [line = '', output] = command.split(' > ');
  const [, word = '', ...argv] = parseCommand(line);
  const entry =
    findLane(word, LANES, COMMANDS) ?? COMMANDS.find(({ name }) => name === word) ?? expect.fail(word);
  const loaded = await loadLane(entry, word);
  if (!('lane' in loaded)) expect.fail(word);
  const { status: code, stdout, stderr } = await tryLane(loaded.lane, argv, { cwd });
  expect([word, code, stderr]).toEqual([word, 0, '']);
  if (output !== undefined) put(output, stdout);
  return [word, ...argv];
}

const states = ({ parts }: { parts: { part: string; state: string }[] }) =>
  parts.map(({ part, state }) => `${part}: ${state}`);

it('an empty folder lacks everything, and a rehearsal shows what that is', async () => {
  const found = await status();
  expect(states(found)).toEqual([
    'image: missing',
    'SBOM: missing',
    'runbook: missing',
    'artifact manifest: missing',
    'boots: missing',
    'operator bundle: missing',
  ]);
  expect(found.next.command).toBe('latticra rehearse --output-dir rehearsal');
});

it('each next command can be typed as it stands, from the inputs of a system to a verified bundle', async () => {
  const inputs = join(cwd, "a release's inputs");
  mkdirSync(inputs);
  writeInputs(inputs);
  put("a release's inputs/recovery.md", 'Keep calm.\n');
  const typed: string[] = [];
  for (let step = 0; step < 8 && typed.at(-1) !== 'verify'; step++) {
    const { next } = await status("a release's inputs");
    const [word = ''] = await type(next.command);
    expect(typed).not.toContain(word);
    typed.push(word);
  }
  expect(typed).toEqual(['os-image-build', 'os-image-operator-bundle-from-artifacts', 'verify']);
});

it('images of another builder are listed, recorded and bundled by the next commands', async () => {
  put('disk.qcow2', QCOW2_DISK);
  put('os.iso', BOOT_ISO);
  const { next, parts } = await status();
  expect(next.command).toBe('latticra help os-image-sbom');
  expect(parts[0]).toEqual({ part: 'image', state: 'there', detail: 'os.iso: an ISO 9660 image' });
});

it('the step where a release stopped is told, with the command that goes on with it', async () => {
  put('in/demo.iso', BOOT_ISO);
  const { lane: release } = await import('../release/release-lane.js');
  const run = () =>
    tryLane(release, ['--release', '12.1', '--iso', 'in/demo.iso', '--output-dir', 'a release'], { cwd });
  expect((await run()).status).toBe(0);
  const done = await status('a release');
  expect(done.parts[0]).toEqual({ part: 'release', state: 'there', detail: 'release.txt: 12.1, done' });
  expect(states(done)).toContain('image: there');
  expect(done.next.command).toBe("latticra verify 'a release/operator-bundle'");

  put('a release/operator-bundle/thesis.tex', 'years of work');
  rmSync(join(cwd, 'a release/sbom.spdx.json'));
  put('in/demo.iso', Buffer.concat([BOOT_ISO, Buffer.alloc(2048)]));
  expect((await run()).status).toBe(73);
  const stopped = await status('a release');
  expect(stopped.parts[0].state).toBe('not right');
  expect(stopped.parts[0].detail).toMatch(/^release\.txt: 12\.1, stopped at the step bundle: .*thesis\.tex/);
  expect(stopped.next).toEqual({
    why: 'go on with the release where it stopped',
    command: "latticra release --release 12.1 --iso in/demo.iso --output-dir 'a release'",
  });
  const elsewhere = await tryLane(lane, [], { cwd: join(cwd, 'a release') });
  expect(elsewhere.stdout).toContain(
    'Next: go on with the release where it stopped, in the folder that it was begun in',
  );

  rmSync(join(cwd, 'a release/operator-bundle/thesis.tex'));
  await type(stopped.next.command);
  expect((await status('a release')).parts[0].detail).toBe('release.txt: 12.1, done');
});

it('a file that is another than the release was made of, or than a step left, is told by its digest, with the command', async () => {
  put('in/demo.iso', BOOT_ISO);
  const { lane: release } = await import('../release/release-lane.js');
  const argv = ['--release', '12.1', '--iso', 'in/demo.iso', '--output-dir', 'out'];
  expect((await tryLane(release, argv, { cwd })).status).toBe(0);
  const changed = async (folder = 'out') => {
    const { parts, next } = await status(folder);
    const rows = parts.filter(({ part }: { part: string }) => part === 'changed');
    return { rows: rows.map(({ detail }: { detail: string }) => detail), next, release: parts[0] };
  };
  expect((await changed()).rows).toEqual([]);

  const rebuilt = Buffer.concat([BOOT_ISO, Buffer.alloc(2048)]);
  put('in/demo.iso', rebuilt);
  const iso = await changed();
  const digest = (bytes: Uint8Array) => hash('sha256', bytes).slice(0, 16);
  expect(iso.rows).toEqual([
    `in/demo.iso is sha256:${digest(rebuilt)}; it was sha256:${digest(BOOT_ISO)} when the release was made`,
  ]);
  expect(iso.release).toMatchObject({
    state: 'not right',
    detail: 'release.txt: 12.1, done, and 1 file changed since',
  });
  expect(iso.next).toEqual({
    why: 'do again what follows from what changed',
    command: 'latticra release --release 12.1 --iso in/demo.iso --output-dir out',
  });
  const inside = await tryLane(lane, ['--json'], { cwd: join(cwd, 'out') });
  expect(inside.stdout).toContain('in/demo.iso is sha256:');

  put('in/demo.iso', BOOT_ISO);
  put('out/recovery.md', 'Do nothing.\n');
  rmSync(join(cwd, 'out/sbom.spdx.json'));
  put('out/operator-bundle/manifest.txt', '');
  const rest = (await changed()).rows.map((row: string) => row.split(';')[0]?.replace(/sha256:.*/, 'other'));
  expect(rest.sort()).toEqual([
    'operator-bundle/manifest.txt is other',
    'recovery.md is other',
    'sbom.spdx.json is not there',
  ]);

  await type((await changed()).next.command);
  expect(await changed()).toMatchObject({ rows: [], release: { state: 'there' } });
  renameSync(join(cwd, 'out'), join(cwd, 'moved'));
  rmSync(join(cwd, 'in/demo.iso'));
  expect((await changed('moved')).rows).toEqual([
    expect.stringMatching(/^in\/demo\.iso is not there; it was sha256:/),
  ]);
});

it('what is half-written in a folder, and beside it, is told with the process that began it, and what to do once that is gone', async () => {
  mkdirSync(join(cwd, 'out/a/.bundle.4194303-0123456789ab.staging'), { recursive: true });
  put('.out.4194303-ba9876543210.staging/1', 'half');
  put('.other.4194303-ba9876543210.staging/1', 'half');
  put(`out/.sbom.spdx.json.${process.ppid}-0123456789ab.tmp`, 'half');
  const gone = (path: string) =>
    `"${join(cwd, path)}" is what process 4194303 had half-written when it was killed; remove it with rm -r, unless that process runs in another container or on another machine`;
  const { parts, files } = await status('out');
  expect(parts.filter(({ part }: { part: string }) => part === 'half-written')).toEqual([
    { part: 'half-written', state: 'not right', detail: gone('.out.4194303-ba9876543210.staging') },
    {
      part: 'half-written',
      state: 'there',
      detail: `"${join(cwd, `out/.sbom.spdx.json.${process.ppid}-0123456789ab.tmp`)}": process ${process.ppid} is at it`,
    },
    { part: 'half-written', state: 'not right', detail: gone('out/a/.bundle.4194303-0123456789ab.staging') },
  ]);
  expect(files).toEqual([]);
});

it('a release state that was written by hand makes nobody type what is no release', async () => {
  put('in/demo.iso', BOOT_ISO);
  const { lane: release } = await import('../release/release-lane.js');
  await tryLane(release, ['--release', '12.1', '--iso', 'in/demo.iso', '--output-dir', 'out'], { cwd });
  const state = readFileSync(join(cwd, 'out/release.txt'), 'utf8');
  const edited = state.replace('release_status=done', 'release_status=running');
  put('out/release.txt', edited.replace(/^command=.*$/m, 'command=latticra release --release 1; rm -rf .'));
  const told = await status('out');
  expect(told.next.command).toBe('latticra help release');
  expect(told.parts[0].detail).toMatch(
    /^release\.txt: 12\.1, under way, or cut off: \d steps have a result$/,
  );
  put('out/release.txt', edited.replace(/^command=.*$/m, 'command=rm -rf .'));
  const broken = await status('out');
  expect([broken.parts[0].state, broken.next.command]).toEqual(['not right', 'latticra help release']);
});

it('a manifest that names what is not there is told as not right, with the reason', async () => {
  put('os.iso', BOOT_ISO);
  const { lane: record } = await import('../../../../os-image-artifact-manifest-from-files/src/lane.js');
  const argv = ['--iso', 'os.iso', '--iso-signature', 'unsigned-local', '--relative-to', '.'];
  const { stdout } = await tryLane(record, argv, { cwd });
  put('manifest.txt', stdout);
  const incomplete = await status();
  expect(states(incomplete)).toContain('artifact manifest: not right');
  expect(incomplete.next.command).toBe(
    'latticra os-image-artifact-manifest-validate --artifact-manifest manifest.txt',
  );
  put('manifest.txt', stdout.replace(/iso_sbom_path=.*/, 'iso_sbom_path=gone.json'));
  const { parts } = await status();
  expect(parts.find(({ part }: { part: string }) => part === 'artifact manifest').detail).toMatch(
    /gone\.json/,
  );
});

it('what a file is counts, and not its name; links and hidden files are not followed', async () => {
  put('notes.iso', 'no image\n');
  symlinkSync('/etc/passwd', join(cwd, 'link'));
  put('.hidden.qcow2', QCOW2_DISK);
  const { files, parts } = await status();
  expect(files).toEqual([{ path: 'notes.iso', is: 'text' }]);
  expect(parts[0].state).toBe('missing');
});

it('an image that contradicts its format is told as not right', async () => {
  put('half.qcow2', QCOW2_DISK.subarray(0, QCOW2_DISK.length / 2));
  const { parts } = await status();
  expect(parts[0]).toMatchObject({ part: 'image', state: 'not right' });
});

it('a name cannot control the terminal, and a large folder is looked at in part', async () => {
  put('a\u001b[2J.iso', BOOT_ISO);
  for (let index = 0; index < 410; index++) put(`b/${index}`, '');
  const { stdout } = await ask();
  expect(stdout).not.toContain('\u001b');
  expect(stdout).toMatch(/\nmore +there +files that were not looked at\n/);
});

it('a folder that is not there is an error, and nothing is written by asking', async () => {
  expect(await ask('gone')).toMatchObject({ status: 66, stdout: '' });
  await ask();
  expect(readdirSync(cwd)).toEqual([]);
});

it('a release.txt that is empty is told, with the way to begin anew, and one of other words is none of a release', async () => {
  put('release.txt', '');
  const { parts, next } = await status();
  expect(parts.find(({ part }: { part: string }) => part === 'release')).toEqual({
    part: 'release',
    state: 'not right',
    detail: 'release.txt: an empty file, where a release keeps how far it is',
  });
  expect(next.command).toBe('latticra help release');
  put('release.txt', 'What is new in this release.\n');
  const notes = await status();
  expect(states(notes).filter((state) => state.startsWith('release'))).toEqual([]);
  expect(notes.next.command).not.toBe(next.command);
});
