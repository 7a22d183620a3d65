// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeWith } from '../../../tools/testing/tools.js';
import { haveLoopDevices, ROOT_PATH, run, Undo } from '../test/linux/loop.js';
import type { DeviceAssessment } from './assess.js';
import { usbCommands } from './command.js';
import { NOTHING_LEARNED } from './facts.js';

let folder: string;
const undo = new Undo();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usb-kernel-'));
  await writeFile(join(folder, 'sudo'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
});
afterEach(async () => {
  undo.all();
  await rm(folder, { recursive: true, force: true });
});

function sh(line: string) {
  return spawnSync('sh', ['-c', line], {
    cwd: folder,
    env: { PATH: `${folder}:${ROOT_PATH}`, LC_ALL: 'C' },
    encoding: 'utf8',
  });
}

const commandsFor = (path: string, size: number) => {
  const device: DeviceAssessment = {
    path,
    platform: 'linux',
    valid: true,
    placeholder: false,
    inspected: true,
    facts: NOTHING_LEARNED,
    reason: undefined,
  };
  return usbCommands(device, 'os.iso', size);
};

describeWith(['losetup', 'blockdev', 'mkfs.ext4', 'dd', 'cmp', 'unshare'], 'on a disk of this kernel', () => {
  it.skipIf(!haveLoopDevices())('the check fails while a file system is mounted, and no longer', async () => {
    await writeFile(join(folder, 'disk'), Buffer.alloc(8 << 20));
    const node = undo.attach(join(folder, 'disk'));
    const { check } = commandsFor(node, 1);
    expect(sh(check)).toMatchObject({ status: 0 });
    run('mkfs.ext4', '-q', node);
    await mkdir(join(folder, 'mnt'));
    undo.mount(node, join(folder, 'mnt'));
    const held = sh(check);
    expect(held.status).not.toBe(0);
    expect(held.stderr).toContain('busy');
    run('umount', join(folder, 'mnt'));
    expect(sh(check)).toMatchObject({ status: 0 });
  });

  it.skipIf(!haveLoopDevices())(
    'the check fails while only another mount namespace has it mounted',
    async () => {
      await writeFile(join(folder, 'disk'), Buffer.alloc(8 << 20));
      const node = undo.attach(join(folder, 'disk'));
      run('mkfs.ext4', '-q', node);
      await mkdir(join(folder, 'mnt'));
      const { check } = commandsFor(node, 1);
      const inside = sh(
        `unshare -m --propagation private sh -c 'mount ${node} mnt && ${check.replaceAll("'", '')}'`,
      );
      expect(inside.status).not.toBe(0);
      expect(inside.stderr).toContain('busy');
      expect(sh(check)).toMatchObject({ status: 0 });
    },
  );

  it.skipIf(!haveLoopDevices())('the comparison reads the medium, and not what is cached of it', async () => {
    const size = 9 * 1024 * 1024 + 2048;
    await writeFile(join(folder, 'os.iso'), randomBytes(size));
    await writeFile(join(folder, 'disk'), Buffer.alloc(size + 3 * 2048));
    const node = undo.attach(join(folder, 'disk'));
    const { write, verify } = commandsFor(node, size);
    // Somebody else holds the device, with all of it read: the cache stays.
    const holder = openSync(node, 'r');
    undo.add(() => closeSync(holder));
    const changeBehindCache = async () => {
      expect(sh(write)).toMatchObject({ status: 0 });
      for (let at = 0; at < size; at += 1 << 20) readSync(holder, Buffer.alloc(1 << 20), 0, 1 << 20, at);
      expect(sh(verify)).toMatchObject({ status: 0, stdout: '', stderr: '' });
      const disk = await open(join(folder, 'disk'), 'r+');
      const last = Buffer.alloc(1);
      await disk.read(last, 0, 1, size - 1);
      await disk.write(Buffer.from([last.readUInt8() ^ 1]), 0, 1, size - 1);
      await disk.sync();
      await disk.close();
      return sh(`head -c ${size} ${node} | cmp - os.iso`).status === 0;
    };
    // A kernel that wants its memory back may take the cache all the same: then it is filled again.
    let times = 1;
    while (!(await changeBehindCache())) expect(times++).toBeLessThan(5);
    expect(sh(verify).status).toBe(1);
  });

  it.skipIf(!haveLoopDevices()).each([
    [512, 4 * 1024 * 1024],
    [512, 4 * 1024 * 1024 + 2048],
    [512, 2048],
    [4096, 4 * 1024 * 1024 + 4096],
  ])('the comparison reads a disk with blocks of %d to its very end, after %d bytes', async (block, size) => {
    await writeFile(join(folder, 'os.iso'), randomBytes(size));
    await writeFile(join(folder, 'disk'), Buffer.alloc(size));
    const { write, verify } = commandsFor(undo.attach(join(folder, 'disk'), '-b', `${block}`), size);
    expect(sh(verify).status).toBe(1);
    expect(sh(write)).toMatchObject({ status: 0 });
    expect(sh(verify)).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });
});
