// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from 'vitest';
import { GRUB_TOOLS } from '../../../../tools/testing/grub.js';
import { itWith } from '../../../../tools/testing/tools.js';
import { type BuildSeedOptions, buildSeed } from '../build/seed.js';
import { type BuildVmImageOptions, buildVmImage } from '../build/vm-image.js';
import { setBuildId } from '../patch/build-id.js';
import { PREBUILT_PARTS } from '../seed/parts.js';
import { runTool } from '../tool.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'latticra-same-'));
  await writeFile(join(folder, 'kernel'), setBuildId(PREBUILT_PARTS.kernel, 'same.1'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const kernel = () => join(folder, 'kernel');
const iso = async (outputDir: string, options: Partial<BuildSeedOptions> = {}) => {
  const build = await buildSeed({ outputDir: join(folder, outputDir), bootloader: 'grub', ...options });
  return build.iso.sha256;
};
const disk = async (outputDir: string, options: Partial<BuildVmImageOptions> = {}) => {
  const { qcow2, esp, uefiLoader } = await buildVmImage({
    ...{ kernel: kernel(), outputDir: join(folder, outputDir), bootloader: 'grub' },
    ...options,
  });
  return [qcow2.sha256, esp.sha256, uefiLoader.sha256];
};

/**
 * Lets `use` run with other variables, time zone, umask and temporary folder than the test has; the folder is on a
 * file system that lists its files in another order.
 */
async function elsewhere<T>(use: () => Promise<T>): Promise<T> {
  const other = {
    ...{ TZ: 'Pacific/Kiritimati', HOME: folder, LANG: 'de_DE.UTF-8', MTOOLS_SKIP_CHECK: '1' },
    ...{
      MTOOLSRC: join(folder, 'mtools.conf'),
      SOURCE_DATE_EPOCH: '1234567890',
      TMPDIR: await mkdtemp('/dev/shm/latticra-same-'),
    },
  };
  await writeFile(other.MTOOLSRC, 'mtools_lower_case=1\n');
  await writeFile(join(folder, '.xorrisorc'), '-preparer_id SOMEBODY\n');
  const before = Object.fromEntries(Object.keys(other).map((key) => [key, process.env[key]]));
  const umask = process.umask(0o077);
  Object.assign(process.env, other);
  try {
    return await use();
  } finally {
    process.umask(umask);
    for (const [key, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
    expect(await readdir(other.TMPDIR)).toEqual([]);
    await rm(other.TMPDIR, { recursive: true });
  }
}

describe('images of GRUB', () => {
  itWith(
    [...GRUB_TOOLS, '/dev/shm'],
    'GRUB images are the same at another time, in another folder, for another user, and differ by date and build id',
    async () => {
      const options = { buildId: 'same.1' };
      const build = async (name: string) => [await iso(name, options), ...(await disk(name))];
      const first = await build('one');
      // The tools count in seconds, FAT in two of them.
      await new Promise((resolve) => setTimeout(resolve, 2100));
      expect(await elsewhere(() => build('two'))).toEqual(first);
      const epoch = 1_700_000_000;
      const others = [
        await iso('three', { buildId: 'same.2' }),
        await iso('three', { ...options, epoch }),
        ...(await disk('three', { epoch })),
      ];
      expect(others.filter((sum) => first.includes(sum))).toEqual([]);
    },
    60_000,
  );
});

describe('a build that fails', () => {
  itWith(GRUB_TOOLS, 'a build whose tool fails writes nothing and leaves nothing', async () => {
    const failing: typeof runTool = (path, argv, options) =>
      /grub-mk/.test(path) && argv[0] !== '--version'
        ? Promise.resolve({ code: 1, output: 'a\nno room\n' })
        : runTool(path, argv, options);
    const refused = { code: 'grub-failed', kind: 'unfulfilled', message: expect.stringContaining('no room') };
    await expect(iso('out', { run: failing })).rejects.toMatchObject(refused);
    await expect(disk('out', { run: failing })).rejects.toMatchObject(refused);
    expect(await readdir(folder)).toEqual(['kernel']);
  });

  itWith(GRUB_TOOLS, 'a build ends as soon as it is interrupted, whichever tool is running', async () => {
    for (const tool of ['grub-script-check', 'grub-mkrescue', 'grub-file']) {
      const controller = new AbortController();
      const run: typeof runTool = (path, argv, options) => {
        if (path.endsWith(tool)) controller.abort();
        return runTool(path, argv, options);
      };
      await expect(iso('out', { run, signal: controller.signal })).rejects.toThrow();
      expect(await readdir(folder)).toEqual(['kernel']);
    }
  });

  itWith(GRUB_TOOLS, 'a build refuses a configuration that is no script of GRUB', async () => {
    await writeFile(join(folder, 'grub.cfg'), 'if true; then boot\n');
    await expect(disk('out', { grubConfig: join(folder, 'grub.cfg') })).rejects.toMatchObject({
      code: 'bad-grub-config',
      kind: 'data',
      message: expect.stringContaining('grub-script-check'),
    });
    expect((await readdir(folder)).sort()).toEqual(['grub.cfg', 'kernel']);
  });
});
