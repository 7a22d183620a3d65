// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWith } from '../../../../tools/testing/tools.js';
import { haveLoopDevices, ROOT_PATH, run, Undo } from '../../test/linux/loop.js';
import { linuxInspector } from './inspect.js';
import { readMachine } from './machine.js';
import { linuxView } from './view.js';

let folder: string;
const undo = new Undo();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usb-usage-'));
  await writeFile(join(folder, 'disk'), Buffer.alloc(8 << 20));
  await mkdir(join(folder, 'mnt'));
});
afterEach(async () => {
  undo.all();
  await rm(folder, { recursive: true, force: true });
});

async function factsOf(node: string) {
  const seen = await linuxInspector().inspect(node, undefined);
  if (!seen.inspected) throw new Error(`not inspected: ${seen.reason}`);
  return seen.facts;
}

/** This machine, of which a process in other namespaces tells what is there as `/proc/self`. */
const seenFrom = (unshare: readonly string[]) => {
  const view = linuxView();
  return {
    ...view,
    text: async (path: string) =>
      path === '/proc/self/mountinfo' ? `${run('unshare', ...unshare, 'cat', path)}\n` : view.text(path),
    link: async (path: string) => run('unshare', ...unshare, 'readlink', path),
  };
};

describeWith(['losetup', 'mkfs.ext4', 'unshare', 'mount'], 'on devices of this kernel', () => {
  it.skipIf(!haveLoopDevices())(
    'a loop device over a disk is seen, and what is mounted from it',
    async () => {
      const disk = undo.attach(join(folder, 'disk'));
      expect(await factsOf(disk)).not.toMatchObject({ storageMember: 1 });
      const over = undo.attach(undo.attach(disk));
      run('mkfs.ext4', '-q', over);
      expect((await factsOf(disk)).mounted).not.toBe(1);
      expect(await factsOf(disk)).toMatchObject({ storageMember: 1 });
      undo.mount(over, join(folder, 'mnt'));
      expect(await factsOf(disk)).toMatchObject({ mounted: 1, storageMember: 1, mountedNodes: [over] });
    },
  );

  it.skipIf(!haveLoopDevices())(
    'what only a process in another mount namespace has mounted is seen',
    async () => {
      const disk = undo.attach(join(folder, 'disk'));
      run('mkfs.ext4', '-q', disk);
      expect((await factsOf(disk)).mounted).not.toBe(1);
      const script = `mount "$1" "$2" && echo mounted && exec cat`;
      const argv = ['-m', '--propagation', 'private', 'sh', '-c', script, 'sh', disk, join(folder, 'mnt')];
      const other = spawn('unshare', argv, { env: { PATH: ROOT_PATH }, stdio: ['pipe', 'pipe', 'inherit'] });
      const ended = new Promise((resolve) => other.once('close', resolve));
      await new Promise((resolve) => other.stdout.once('data', resolve));
      expect(await factsOf(disk)).toMatchObject({ mounted: 1, mountedNodes: [] });
      other.stdin.end();
      await ended;
      expect((await factsOf(disk)).mounted).not.toBe(1);
    },
  );

  it.skipIf(!haveLoopDevices()).each([[['-m']], [['-p', '-f', '--mount-proc']], [['-p', '-f']]])(
    'what a process in namespaces of its own sees is not the whole machine (unshare %j)',
    async (unshare) => {
      expect((await readMachine(seenFrom(unshare))).obstacle).toBe('partial-view');
    },
  );
});
