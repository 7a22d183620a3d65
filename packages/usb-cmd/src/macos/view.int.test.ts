// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assessDevice } from '../assess.js';
import { inspectorFor } from '../inspector.js';
import { macosInspector } from './inspect.js';
import { macosView } from './view.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usb-mac-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program in the place of diskutil. */
async function program(script: string): Promise<string> {
  const path = join(folder, 'diskutil');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

describe('diskutil', () => {
  it.skipIf(process.platform !== 'linux')(
    'diskutil gets its arguments as they are, no input, and no environment but a locale',
    async () => {
      const path = await program(`cat; printf '%s|' "$@"; pwd; tr '\\0' '\\n' < /proc/$$/environ`);
      const printed = await macosView(path).diskutil(['info', '-plist', "a 'b' $c;"]);
      expect(printed).toBe("info|-plist|a 'b' $c;|/\nLC_ALL=C\n");
    },
  );

  it('an answer of diskutil counts only when it succeeds, whatever it prints', async () => {
    expect(await macosView(await program('echo out; exit 1')).diskutil([])).toBeUndefined();
    expect(await macosView(join(folder, 'missing')).diskutil([])).toBeUndefined();
  });

  it('diskutil is ended when it prints without end', async () => {
    const path = await program(
      `echo $$ > '${folder}/pid'; while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done`,
    );
    expect(await macosView(path).diskutil([])).toBeUndefined();
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });

  it('diskutil is killed when it does not end', async () => {
    const path = await program(`trap '' TERM; echo $$ > '${folder}/pid'; while :; do :; done`);
    expect(await macosView(path, 2000).diskutil([])).toBeUndefined();
    const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});

describe('device nodes', () => {
  it('device nodes are told from files, and from nothing', async () => {
    const view = macosView();
    expect(await view.nodeIdentity('/dev/null')).toMatch(/^\d+ \d+$/);
    expect(await view.nodeIdentity('/dev/null')).not.toBe(await view.nodeIdentity('/dev/zero'));
    expect(await view.nodeIdentity(await program(''))).toBeUndefined();
    expect(await view.nodeIdentity(join(folder, 'missing'))).toBeUndefined();
  });

  it('device nodes of a Mac are not looked at elsewhere', async () => {
    await symlink(folder, join(folder, 'link'));
    expect(await macosView().follow(join(folder, 'link'))).toBe(await realpath(folder));
    expect(await macosView().follow(join(folder, 'missing'))).toBeUndefined();
    const assessed = await assessDevice('/dev/disk4', 'macos', undefined, inspectorFor('macos', 'linux'));
    expect(assessed).toMatchObject({ inspected: false, reason: 'not-inspected' });
  });

  it('device nodes are not inspected where there is no diskutil', async () => {
    const view = { ...macosView(join(folder, 'missing')), nodeIdentity: async () => '1 1' };
    const assessed = await assessDevice('/dev/disk4', 'macos', undefined, macosInspector(view));
    expect(assessed).toMatchObject({ inspected: false, reason: 'not-inspected' });
  });
});
