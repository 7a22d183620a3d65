// SPDX-License-Identifier: Apache-2.0
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseDocument } from '@latticra/evidence-format';
import { parseHashList } from '@latticra/seal-integrity';
import { describe, expect, it } from 'vitest';
import { tryLane } from '../../../tools/testing/lane.js';
import { itWith } from '../../../tools/testing/tools.js';
import { testCommand } from '../test/command.js';
import { argvOf } from '../test/scene.js';
import { initLane } from './init-lane.js';

const HASHES = 'reports/latticra-seal-cli-hashes.txt';
const REPORT = 'reports/latticra-seal-cli-report.txt';
const scene = testCommand();
const { at } = scene;

/** Runs the command in the project as a process. */
function run(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [scene.script, ...argv], {
    cwd: scene.project,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}
const shell = (command: string) =>
  spawnSync('sh', ['-c', command, process.execPath, scene.script], {
    cwd: scene.project,
    encoding: 'utf8',
  });

describe('latticra-seal', () => {
  it('latticra-seal takes a project from nothing to a verified baseline', () => {
    mkdirSync(at('node_modules'));
    mkdirSync(at('dist'));
    writeFileSync(at('dist/.env'), 'made by tools');
    expect(run(...argvOf('init'))).toMatchObject({ status: 0, stderr: '' });
    expect(run('check')).toMatchObject({ status: 0, stderr: '' });
    expect(run('baseline').stdout).toMatch(/PASS: the lockfile was written\nSTATUS: PASS\n$/);
    expect(run('verify', '--expect-id', 'demo')).toMatchObject({ status: 0, stderr: '' });
    writeFileSync(at('new'), 'x');
    const changed = run('verify');
    expect(changed).toMatchObject({ status: 1, stderr: '' });
    expect(changed.stdout).toMatch(
      /\nADDED: new\nFAIL: latticra\.seal\.lock: one file is not what it says; .*\nSTATUS: FAIL\n$/,
    );
    expect(run('report').stdout).toBe(readFileSync(at(REPORT), 'utf8'));
    expect(run('hashes')).toMatchObject({ status: 1, stdout: '' });
    const elsewhere = spawnSync(process.execPath, [scene.script, 'check', '--root', scene.project], {
      cwd: '/',
      encoding: 'utf8',
    });
    expect(elsewhere.status).toBe(0);
    expect(run('hashes').stdout).toBe(readFileSync(at(HASHES), 'utf8'));
    expect(run('manifest').stdout).toMatch(/^LATTICRA SEAL MANIFEST\nproject_name=Demo\nproject_id=demo\n/);
  });

  it('latticra-seal prints the same as JSON', () => {
    run(...argvOf('init'));
    const { fields, sections } = JSON.parse(run('check', '--json').stdout);
    expect(fields.status).toBe('PASS');
    expect(sections.digests.hashed_files).toBe('3');
    expect(Object.keys(JSON.parse(run('hashes', '--json').stdout))).toEqual([
      'LICENSE',
      'README.md',
      'latticra.seal',
    ]);
    expect(JSON.parse(run('report', '--json').stdout).title).toBe('LATTICRA SEAL REPORT');
  });

  it('latticra-seal keeps the order of the hash list in JSON, also of names that are numbers', () => {
    for (const name of ['10', '9', '#', '__proto__']) writeFileSync(at(name), name);
    run(...argvOf('init'));
    run('check');
    const { stdout } = run('hashes', '--json');
    const list = readFileSync(at(HASHES), 'utf8').trimEnd().split('\n');
    expect(
      [...stdout.matchAll(/^ {2}("[^"]*"): ("[^"]*"),?$/gm)].map(([, path, sha256]) => `${sha256}  ${path}`),
    ).toEqual(list.map((line) => `"${line.slice(0, 64)}"  "${line.slice(66)}"`));
    expect(Object.keys(JSON.parse(stdout))).toHaveLength(list.length);
  });

  it('latticra-seal ends with 64 for what it does not know, and 2 where it cannot run safely', () => {
    expect(run()).toMatchObject({ status: 64, stdout: '' });
    expect(run('check', '--nonsense')).toMatchObject({ status: 64, stdout: '' });
    expect(run('seal')).toMatchObject({ status: 64, stdout: '' });
    expect(run('check', '--root', 'nowhere')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/nowhere: no such file or folder \(ENOENT\); .* --root/),
    });
    mkdirSync(at('reports'));
    chmodSync(at('reports'), 0o777);
    const refused = run('check');
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toBe(
      'latticra-seal check: reports: its group or everybody may write in it (0777); take that permission away: chmod go-w reports\n',
    );
    rmSync(at('reports'), { recursive: true });
    symlinkSync('/tmp', at('reports'));
    expect(run('check')).toMatchObject({
      status: 2,
      stdout: '',
      stderr:
        'latticra-seal check: reports: is a symbolic link, expected a folder; remove it, and the next run makes one\n',
    });
  });

  it('latticra-seal init writes no manifest over another, and none that could not pass', () => {
    expect(run(...argvOf('init')).status).toBe(0);
    expect(run(...argvOf('init'))).toMatchObject({ status: 1, stdout: '' });
    rmSync(at('latticra.seal'));
    rmSync(at('README.md'));
    expect(run(...argvOf('init'))).toMatchObject({ status: 1, stdout: '' });
    expect(readdirSync(scene.project)).toEqual(['LICENSE']);
  });

  it('latticra-seal says what to do where there is no project, and fails', () => {
    for (const command of ['check', 'manifest', 'baseline', 'verify']) {
      const { status, stdout, stderr } = run(command);
      expect(status, command).toBe(1);
      expect(stdout + stderr, command).toMatch(
        /latticra\.seal: no such file; go to the root of the project, or make it one with latticra-seal init\n/,
      );
    }
    for (const command of ['report', 'hashes']) {
      rmSync(at('reports'), { recursive: true, force: true });
      expect(run(command)).toMatchObject({ status: 1, stdout: '' });
      expect(existsSync(at('reports'))).toBe(false);
    }
  });

  itWith(['rmdir'], 'latticra-seal says that the current folder is gone, and does nothing', () => {
    mkdirSync(at('gone'));
    const gone = shell('cd gone && rmdir ../gone && exec "$0" "$1" check');
    expect(gone).toMatchObject({
      status: 2,
      stdout: '',
      stderr: 'latticra-seal check: the current folder is not there any more; go to one that is\n',
    });
  });

  it('latticra-seal takes no value that a manifest or report could not hold', async () => {
    for (const value of ['a"b', 'a\\b', 'a\nb', 'a\tb', ' ', '', '\u0007', '\u2028', '\u0085']) {
      const argv = [...argvOf('init').slice(1, -1), value];
      const { status, stdout, stderr } = await tryLane(initLane, argv, { cwd: scene.project });
      expect({ status, stdout }, JSON.stringify(value)).toEqual({ status: 64, stdout: '' });
      expect(stderr).toMatch(/^latticra-seal init: (--license|project\.license): expected /);
    }
    expect(readdirSync(scene.project)).toEqual(['LICENSE', 'README.md']);
    expect(run(...argvOf('init').slice(0, -1), 'a"b')).toMatchObject({ status: 64, stdout: '' });
    expect(run('check', '--root', 'a\nb')).toMatchObject({ status: 64, stdout: '' });
    expect(run('check', '--expect-id', '')).toMatchObject({ status: 64, stdout: '' });
  });

  it('latticra-seal init tells what a check will not let pass', () => {
    writeFileSync(at('.env'), 'x');
    const { status, stdout } = run(...argvOf('init'));
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /\nWARN: \.env: is an environment file; a check fails until that is gone, or is excluded\nSTATUS: PASS\n$/,
    );
  });

  itWith(['git'], 'a baseline of a clone verifies in a worktree of it, and the other way round', () => {
    const worktree = join(scene.tools, 'worktree');
    const git = (folder: string, ...argv: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-C', folder, ...argv], {
        env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' },
        stdio: 'pipe',
      });
    git(scene.project, 'init', '-q');
    run(...argvOf('init'));
    expect(run('baseline')).toMatchObject({ status: 0, stderr: '' });
    git(scene.project, 'add', 'README.md', 'LICENSE', 'latticra.seal', 'latticra.seal.lock');
    git(scene.project, 'commit', '-q', '-m', 'sealed');
    git(scene.project, 'worktree', 'add', '-q', worktree);
    const verified = run('verify', '--root', worktree);
    expect(verified).toMatchObject({ status: 0, stderr: '' });
    expect(verified.stdout).not.toMatch(/^(ADDED|WARN)/m);
    rmSync(join(worktree, 'latticra.seal'));
    rmSync(join(worktree, 'latticra.seal.lock'));
    expect(run(...argvOf('init'), '--root', worktree).status).toBe(0);
    expect(run('baseline', '--root', worktree).status).toBe(0);
    for (const name of ['latticra.seal', 'latticra.seal.lock'])
      writeFileSync(at(name), readFileSync(join(worktree, name)));
    expect(run('verify')).toMatchObject({ status: 0, stderr: '' });
  });

  it('latticra-seal answers help and version, as words and as flags, and says what PASS does not mean', () => {
    expect(run('help').stdout).toBe(run('--help').stdout);
    expect(run('version').stdout).toBe(run('--version').stdout);
    expect(run('help', 'check')).toEqual(run('check', '--help'));
    const help = run('check', '--help').stdout.replaceAll('\n', ' ');
    expect(help).toContain('Exit: 0 PASS, 1 FAIL, 2 cannot run safely');
    expect(help).toContain('It does not say that the machine is secure.');
  });

  itWith(['mkfifo'], 'latticra-seal does not take a closed, full or broken stdout for a success', () => {
    run(...argvOf('init'));
    run('check');
    for (const command of ['check', 'manifest', 'report', 'hashes', 'help', '--help']) {
      execFileSync('mkfifo', [join(scene.tools, command)]);
      const seal = `"$0" "$1" ${command}`;
      // The one reader goes before the first byte is written.
      const broken = `exec 3<>"${scene.tools}/${command}" 4>"${scene.tools}/${command}" 3<&-; exec ${seal} >&4`;
      for (const [sink, status, reason] of [
        [`${seal} >/dev/full`, 2, /^latticra-seal[ \w]*: cannot write to stdout \(ENOSPC\)\n$/],
        [broken, 2, /^latticra-seal[ \w]*: cannot write to stdout \(EPIPE\)\n$/],
        [`${seal} >&-`, 2, /^latticra-seal[ \w]*: stdout is closed; .+\n$/],
        [`${seal} >/dev/null`, 0, /^$/],
      ] as const) {
        expect(shell(sink), sink).toMatchObject({ status, stderr: expect.stringMatching(reason) });
      }
    }
  });
});

describe('a tree that keeps two threads busy', () => {
  /** A number of files that is worth a second thread. */
  const FILES = 2000;
  const write = () => {
    for (let index = 0; index < FILES; index++) {
      const folder = at(`d${index % 40}`);
      if (index < 40) mkdirSync(folder);
      writeFileSync(join(folder, `f${index}`), `${index}\n`.repeat(index % 100));
    }
    // Large enough to be read by both threads.
    writeFileSync(at('large'), 'large');
    truncateSync(at('large'), 130 << 20);
  };

  itWith(
    ['sha256sum'],
    'a check by two threads finds what sha256sum finds, and what is denied in any file',
    () => {
      write();
      run(...argvOf('init'));
      expect(run('check')).toMatchObject({ status: 0, stderr: '' });
      const entries = parseHashList(readFileSync(at(HASHES)));
      expect(entries).toHaveLength(FILES + 4);
      execFileSync('sha256sum', ['-c', '--strict', '--quiet', HASHES], { cwd: scene.project });
      const secret = ['-----BEGIN PRIV', 'ATE KEY-----'].join('');
      const places = ['d0/f1960', 'd20/f1020', 'd9/f1969', 'd9/f9'];
      for (const place of places) writeFileSync(at(place), secret);
      places.push('large');
      // Across two of the chunks that it is read in.
      const large = openSync(at('large'), 'r+');
      writeSync(large, secret, (33 << 20) - 7);
      closeSync(large);
      const { status, stdout } = run('check');
      expect(status).toBe(1);
      expect(stdout.match(/^FAIL: .*$/gm)?.sort()).toEqual(
        places.map((place) => `FAIL: ${place}: holds a private key`).sort(),
      );
    },
  );

  itWith(['strace'], 'a check by two threads opens every file once', () => {
    mkdirSync(at('src'));
    for (let index = 0; index < 49; index++) writeFileSync(at(`src/file-${index}`), 'x');
    // Two threads share what is read of this one.
    const mebibytes = 130;
    writeFileSync(at('src/file-49'), '');
    truncateSync(at('src/file-49'), mebibytes << 20);
    run(...argvOf('init'));
    const log = join(scene.tools, 'strace.log');
    const options = ['-ff', '-qq', '-s', '0', '-e', 'trace=openat,open,pread64', '-o', log];
    execFileSync('strace', [...options, process.execPath, scene.script, 'check'], { cwd: scene.project });
    // One for each thread: in one for all of them calls would be torn apart.
    const logs = readdirSync(scene.tools).filter((name) => name.startsWith('strace.log.'));
    const trace = logs.map((name) => readFileSync(join(scene.tools, name), 'utf8')).join('');
    const opened = trace.match(/"(?:\/proc\/self\/fd\/\d+\/)?file-\d+"/g) ?? [];
    expect(opened).toHaveLength(50);
    expect(new Set(opened.map((text) => text.replace(/.*[/"](?=f)/, ''))).size).toBe(50);
    const offsets = [...trace.matchAll(/pread64\(.*, 1048576, (\d+)\) += 1048576$/gm)].map(([, at]) =>
      Number(at),
    );
    expect(offsets).toEqual(Array.from({ length: mebibytes }, (_, index) => index << 20));
  });
});

/**
 * In a project that nobody changes, every one of them passes: what another replaces in the same moment is written or
 * read once more. In the end each artifact is the whole of some run's; the report and the hash list may be of two. Had
 * one of them failed, its report might be the last and the hash list gone, and never would a hash list of it be there.
 */
describe('eight runs at once in one project', () => {
  it('eight runs at once each leave whole artifacts, of one run each', async () => {
    for (let index = 0; index < 200; index++) writeFileSync(at(`f${index}`), `${index}`);
    run(...argvOf('init'));
    // No artifact is excluded: each run sees those of the others come and go.
    const manifest = readFileSync(at('latticra.seal'), 'utf8');
    writeFileSync(at('latticra.seal'), manifest.replace(/ {2}"reports\/latticra-seal-.*",\n/g, ''));
    expect(run('baseline').status).toBe(0);
    const lock = readFileSync(at('latticra.seal.lock'), 'utf8');
    const commands = ['check', 'baseline', 'verify', 'check', 'baseline', 'verify', 'check', 'verify'];
    for (let round = 0; round < 2; round++) {
      const results = await Promise.all(
        commands.map((command) =>
          promisify(execFile)(process.execPath, [scene.script, command], { cwd: scene.project }).then(
            ({ stdout }) => stdout.trimEnd().split('\n').at(-1),
            (error: { stdout: string; stderr: string }) => error.stdout + error.stderr,
          ),
        ),
      );
      expect(results).toEqual(commands.map(() => 'STATUS: PASS'));
      expect(readFileSync(at('latticra.seal.lock'), 'utf8')).toBe(lock);
      expect(readFileSync(at(HASHES), 'utf8')).toBe(lock);
      const { fields, sections } = parseDocument(readFileSync(at(REPORT)));
      const found = sections.flatMap((section) => section.fields).concat(fields);
      const { status, mode, command } = Object.fromEntries(found.map(({ key, value }) => [key, value]));
      expect(status).toBe('PASS');
      // The beginning and the end of it are of the same run.
      expect(mode).toBe(command === 'verify' ? 'verification' : 'report-only');
      expect(readdirSync(at('reports'))).toEqual([
        'latticra-seal-cli-hashes.txt',
        'latticra-seal-cli-report.txt',
      ]);
    }
  });
});
