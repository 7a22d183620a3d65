// SPDX-License-Identifier: Apache-2.0
/** Tests of projects of which a part is not the user's to read, or not of the project. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { missingTools } from '../../../tools/testing/tools.js';
import { testCommand } from '../test/command.js';
import { ANCHORINGS, argvOf } from '../test/scene.js';

/** The id of a user who owns nothing. */
const NOBODY = 65534;

const scene = testCommand();
const { at } = scene;

/** Returns the path of the script where any user may read it, wherever this repository lies. */
const preload = () => join(scene.tools, 'without-procfs.mjs');
beforeAll(() => copyFileSync(new URL('../test/without-procfs.mjs', import.meta.url), preload()));
beforeEach(() => {
  for (const folder of ['closed', 'mounted', 'other']) mkdirSync(at(folder));
  execFileSync(process.execPath, [scene.script, ...argvOf('init')], { cwd: scene.project });
});

describe.each(ANCHORINGS)('with folders held by %s', (anchoring) => {
  const check = () => [
    process.execPath,
    ...(anchoring === 'cwd' ? ['--import', preload()] : []),
    ...[scene.script, 'check'],
  ];

  describe('what a plain user may not read', () => {
    const canChown = process.getuid?.() === 0 && missingTools(['chown']).length === 0;
    it.skipIf(!canChown)(
      'what a plain user may not read fails the check, and is named (as root, with chown)',
      () => {
        writeFileSync(at('secret'), 'x', { mode: 0o600 });
        chmodSync(at('closed'), 0o700);
        execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, scene.project]);
        execFileSync('chown', ['0:0', at('closed'), at('secret')]);
        const [program = '', ...argv] = check();
        const { status, stdout, stderr } = spawnSync(program, argv, {
          cwd: scene.project,
          encoding: 'utf8',
          uid: NOBODY,
          gid: NOBODY,
        });
        expect(stderr).toBe('');
        expect(stdout.match(/^FAIL: .*$/gm)?.sort()).toEqual([
          expect.stringMatching(/^FAIL: closed: permission denied/),
          expect.stringMatching(/^FAIL: secret: permission denied/),
        ]);
        expect(status).toBe(1);
      },
    );
  });

  describe('a mount in the project', () => {
    /** Whether this user may have a mount of their own: the system may let a plain user. */
    const mayMount = spawnSync('unshare', ['-Urm', 'true']).status === 0;

    it.skipIf(!mayMount)(
      'a mount in the project fails the check, even of the same file system (needs unshare -Urm)',
      () => {
        // In a mount namespace of its own: gone with the process.
        const { status, stdout } = spawnSync(
          'unshare',
          ['-Urm', 'sh', '-c', 'mount --bind other mounted && exec "$0" "$@"', ...check()],
          { cwd: scene.project, encoding: 'utf8' },
        );
        expect(stdout).toMatch(
          /^FAIL: mounted: something else is mounted there, expected a folder of the project; unmount it, or exclude it$/m,
        );
        expect(status).toBe(1);
      },
    );
  });
});
