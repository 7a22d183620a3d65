// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleScript } from '../../../tools/testing/bundle.js';

let built: string;
let script: string;
beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), 'latticra-program-'));
  script = await bundleScript(new URL('../test/program-script.ts', import.meta.url), built);
});
afterAll(() => rmSync(built, { recursive: true, force: true }));

const run = (...argv: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...argv], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

describe('a command of several lanes', () => {
  it('a program runs the lane that its first word names, with the rest', () => {
    expect(run('work')).toEqual({ status: 0, stdout: 'ANSWER\n', stderr: '' });
    expect(run('work', '--nonsense')).toMatchObject({ status: 64, stdout: '' });
  });

  it.each([['--help'], ['-h'], ['help']])('a program lists its lanes for %s', (word) => {
    const { status, stdout, stderr } = run(word);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^latticra-tests: tests programs\n\nUsage: latticra-tests <command> \[flags\]\n/);
    expect(stdout).toMatch(
      /\n {2}work {2}\S.*\n\nBegin with work\.\n\nEach command tells more with --help\.\n\nExit: 0 done, /,
    );
  });

  it("the help of a program on a lane is the lane's own help", () => {
    const help = run('work', '--help');
    expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('Usage: ') });
    expect(run('help', 'work')).toEqual(help);
  });

  it('a program says its version', () => {
    expect(run('--version')).toEqual({ status: 0, stdout: 'latticra-tests 1.2.3\n', stderr: '' });
  });

  it.each([['--help'], ['-h'], ['--version']])('%s with more behind it is refused', (word) => {
    expect(run(word, 'stray')).toEqual({
      status: 64,
      stdout: '',
      stderr: 'latticra-tests: unexpected argument "stray"; see latticra-tests --help\n',
    });
  });

  it.each([
    [[], 'nothing'],
    [['toString'], '"toString"'],
    [['a\u202eb'], '"a\\u202eb"'],
    [['help', 'toString'], '"toString"'],
    [['help', 'work', 'more'], '"help"'],
  ])('the words %j are refused, and the lanes that there are named', (argv, found) => {
    expect(run(...argv)).toEqual({
      status: 64,
      stdout: '',
      stderr: `latticra-tests: expected a command, work, found ${found}; see latticra-tests --help\n`,
    });
  });
});
