// SPDX-License-Identifier: Apache-2.0
/** What holds for every command as a process: where its answer goes, and what it says to arguments that only a process gets. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleApps } from '../testing/bundle-apps.js';
import { itWith } from '../testing/tools.js';
import { type Command, listCommands } from './commands.js';

const commands = await listCommands();

let folder: string;
let cwd: string;
let scripts: ReadonlyMap<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'every-command-'));
  cwd = join(folder, 'cwd');
  mkdirSync(cwd);
  scripts = await bundleApps(folder);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the list of commands has every command that there is', () => {
  expect([...new Set(commands.map(({ bin }) => bin))].sort()).toEqual([...scripts.keys()].sort());
});

/** The command's answer, where bash has done what `around` says: `COMMAND` stands for it. */
function bash(command: Command, argv: readonly string[], around = 'exec COMMAND') {
  const script = scripts.get(command.bin) ?? expect.fail(`no command ${command.bin}`);
  const line = around.replaceAll('COMMAND', () => '"$0" "$@"');
  const { status, stdout, stderr } = spawnSync(
    'bash',
    ['-c', line, process.execPath, script, ...command.words, ...argv],
    { cwd, encoding: 'utf8', timeout: 60_000 },
  );
  return { status, stdout, stderr };
}

/** One line of reason, short enough to be read, that begins with the command. */
const reason = ({ bin }: Command, what: string) =>
  expect.stringMatching(new RegExp(`^${bin}[^:\\n]*: (?=.{1,400}\\n$)[^\\n]*${what}[^\\n]*\\n$`));

describe.each(commands.map((command) => [[command.bin, ...command.words].join(' '), command] as const))(
  '%s',
  (_, command) => {
    const { flags, exits, isTriedWithoutProcess } = command;
    /** What makes it go on to its work. */
    const work = Object.entries(flags).flatMap(([name, flag]) => {
      if (flag.required !== true) return [];
      if (flag.value === 'integer') return [`--${name}`, String(flag.min ?? 1)];
      return [`--${name}`, flag.value === 'choice' ? (flag.choices[0] ?? '') : 'x'];
    });
    const isProgram = commands.some(({ bin, words }) => bin === command.bin && words.length > 0);
    const isLane = !isProgram || command.words.length > 0;
    const asked = 'version' in flags ? ['--help'] : ['--version'];

    itWith(['bash'], 'a stdout that was closed is refused before anything is done', () => {
      for (const argv of isLane ? [work] : [asked]) {
        const closed = bash(command, argv, 'exec COMMAND >&-');
        expect([argv, closed]).toEqual([
          argv,
          { status: exits.io, stdout: '', stderr: reason(command, 'stdout is closed') },
        ]);
      }
      expect(readdirSync(cwd)).toEqual([]);
    });

    // Lanes write by the same code, of which one process for a program shows enough; each of those that have no rules of their
    // own tries one stdout of the three, and packages/lane tries them all.
    const isTriedByProgram = command.words.length > 0;
    const turn = commands.indexOf(command) % 3;
    const triesStdout = (which: number) => !isTriedByProgram && (!isTriedWithoutProcess || turn === which);

    if (triesStdout(0))
      itWith(['bash', '/dev/full'], 'a full stdout is an error', () => {
        expect(bash(command, ['--help'], 'exec COMMAND >/dev/full')).toEqual({
          status: exits.io,
          stdout: '',
          stderr: reason(command, 'ENOSPC'),
        });
      });

    if (triesStdout(1))
      itWith(['bash', 'mkfifo'], 'a stdout that nobody reads is an error', () => {
        const fifo = join(folder, 'fifo');
        execFileSync('mkfifo', [fifo]);
        // The one reader goes before the first byte is written.
        const broken = `exec 3<>'${fifo}' 4>'${fifo}' 3<&-; exec COMMAND >&4`;
        expect(bash(command, ['--help'], broken)).toEqual({
          status: exits.io,
          stdout: '',
          stderr: reason(command, 'EPIPE'),
        });
        rmSync(fifo);
      });

    if (triesStdout(2))
      itWith(['bash'], 'the help may go to the null device', () => {
        const done = { status: 0, stdout: '', stderr: '' };
        expect(bash(command, ['-h'], 'exec COMMAND >/dev/null')).toEqual(done);
      });

    itWith(['bash'], 'the help and the version are told', () => {
      const told = bash(command, asked);
      expect(told).toEqual({ status: 0, stdout: expect.stringContaining(command.bin), stderr: '' });
      expect(told.stdout).toMatch('version' in flags ? /\nUsage: / : /^[^\n]+ \d+\.\d+\.\d+\n$/);
      if (isTriedWithoutProcess) return;
      const { status, stdout, stderr } = bash(command, ['-h']);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout).toMatch(/\nUsage: /);
    });

    if (!isTriedWithoutProcess)
      itWith(['bash'], 'unknown and doubled arguments are refused, also beside --help', () => {
        for (const argv of [['--help', '--no-such-flag'], ...(isLane ? [['--json', '--json']] : [])]) {
          expect([argv, bash(command, argv)]).toEqual([
            argv,
            { status: 64, stdout: '', stderr: reason(command, '') },
          ]);
        }
      });

    const path = Object.entries(flags).find(([, { value }]) => value === 'path' || value === 'text')?.[0];
    if (path === undefined) return;

    itWith(['bash'], 'a value that is not UTF-8 is refused', () => {
      expect(bash(command, [], `exec COMMAND --${path} $'a\\xffb'`)).toEqual({
        status: exits.unsafeValue,
        stdout: '',
        stderr: reason(command, `--${path}: expected one line of UTF-8`),
      });
    });
  },
);
