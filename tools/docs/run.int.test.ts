// SPDX-License-Identifier: Apache-2.0
/** Runs the examples of the packages: what a README shows does what the README says, from its import on. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeInputs } from '../../packages/linux-release/src/testing/release.js';
import { initManifest } from '../../packages/seal-integrity/src/index.js';
import { generateEd25519Key } from '../../packages/signature/src/index.js';
import { member } from '../../packages/tar/test/archive.js';
import { BOOT_ISO, INITRAMFS, KERNEL, QCOW2_DISK } from '../testing/images.js';
import { linuxKernel } from '../testing/linux.js';
import { peProgram } from '../testing/pe.js';
import { type Block, blocksIn } from './blocks.js';
import { bundleBlocks, promisedOutput, runScript } from './run.js';

/** Examples that need more than Node: by README, and the number of the block in it. */
const NOT_RUN: Record<string, string> = {
  'docs/quick-start-program.md 1': 'is run with its page, by quick-start.int.test.ts',
  'docs/quick-start-program.md 2': 'is run with its page, by quick-start.int.test.ts',
  'docs/quick-start-program.md 3': 'is run with its page, by quick-start.int.test.ts',
  'packages/boot-cases 1': 'boots in QEMU',
  'packages/boot-preview 2': "takes GRUB, QEMU and an operator's consent",
  'packages/boot-seed 2': 'takes GRUB',
  'packages/operator-bundle 1': 'takes a release that is ready for review; the tests of its lane make one',
  'packages/toolchain 1': 'takes QEMU and its firmware',
  'packages/vm-run 1': 'boots in QEMU',
  'packages/vm-run 2': 'boots in QEMU',
};

/** What has to be in the folder before. */
const SCENES: Record<string, (at: (name: string) => string) => Promise<void> | void> = {
  'packages/linux-release 1': (at) => writeInputs(at('.')),
  'packages/held-files 1': (at) => {
    const iso = Buffer.alloc(17 * 2048);
    iso.write('CD001', 0x8001);
    writeFileSync(at('latticra.iso'), iso);
    writeFileSync(at('manifest.txt'), 'a manifest\n');
  },
  'packages/held-files 2': (at) => {
    for (const name of ['latticra.iso', 'latticra.raw']) writeFileSync(at(name), Buffer.alloc(17 * 2048));
  },
  'packages/held-files 3': (at) => writeFileSync(at('latticra.iso'), Buffer.alloc(17 * 2048)),
  'packages/held-files 4': (at) => {
    mkdirSync(at('reports'));
    chmodSync(at('reports'), 0o700);
  },
  'packages/disk-image 4': (at) => writeFileSync(at('program.efi'), peProgram()),
  'packages/lane 1': (at) => writeFileSync(at('disk.raw'), 'a disk'),
  'packages/linux-image 2': (at) => {
    writeFileSync(at('vmlinuz'), linuxKernel());
    writeFileSync(at('initrd.img'), INITRAMFS);
  },
  'packages/manifest 2': (at) => {
    writeFileSync(at('latticra-x86_64.iso'), BOOT_ISO);
    writeFileSync(at('latticra-x86_64.qcow2'), QCOW2_DISK);
    writeFileSync(at('sbom.spdx.json'), '{}');
    writeFileSync(at('recovery.md'), '# Recovery\n');
  },
  'packages/manifest 3': (at) => {
    writeFileSync(at('kernel'), KERNEL);
    writeFileSync(at('initramfs.img'), INITRAMFS);
    writeFileSync(at('rootfs.tar.gz'), gzipSync(rootfs()));
  },
  'packages/seal-integrity 1': async (at) => {
    writeFileSync(at('README.md'), '# Demo\n');
    writeFileSync(at('LICENSE'), 'MIT\n');
    const identity = { id: 'demo', name: 'Demo', version: '1', license: 'MIT', description: 'A demo' };
    await initManifest({ ...identity, repository: 'https://example.org/demo' }, { root: at('') });
  },
  'packages/promotion 1': (at) => {
    mkdirSync(at('evidence'));
    mkdirSync(at('reviews'));
    const { publicLine } = generateEd25519Key('bob@example.org');
    writeFileSync(at('allowed_signers'), `bob@example.org namespaces="latticra-review" ${publicLine}`);
  },
  'packages/tar 1': (at) => writeFileSync(at('rootfs.tar.gz'), gzipSync(rootfs())),
  'packages/usb-cmd 1': (at) =>
    writeFileSync(at('os.iso'), Buffer.concat([BOOT_ISO, Buffer.alloc((2 << 20) - BOOT_ISO.length)])),
};

const ARGUMENTS: Record<string, readonly string[]> = { 'packages/lane 1': ['--image', 'disk.raw'] };

const rootfs = () => Buffer.concat([member({ name: 'etc/hostname', content: 'demo\n' }), Buffer.alloc(1024)]);

const blocks = blocksIn('ts');
/** Returns the name of a block, `packages/lane 1` for the first of that README. */
const nameOf = (block: Block) => {
  const number = blocks.filter(({ file, line }) => file === block.file && line <= block.line).length;
  return `${block.file.replace(/\/README\.md$/, '')} ${number}`;
};
const examples = new Map(blocks.map((block) => [nameOf(block), block]));
const names = [...examples.keys()].filter((name) => !Object.hasOwn(NOT_RUN, name));

let folder: string;
let scripts: Map<string, string>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'latticra-examples-'));
  const run = [...examples].filter(([name]) => names.includes(name));
  const bundled = await bundleBlocks(
    run.map(([, block]) => block),
    folder,
  );
  scripts = new Map(run.map(([name], index) => [name, bundled[index] ?? '']));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('an example', () => {
  it.each(names)('the example %s runs, and prints what it says', async (name) => {
    const cwd = mkdtempSync(join(folder, 'at-'));
    await SCENES[name]?.((file) => join(cwd, file));
    const printed = await runScript(scripts.get(name) ?? '', cwd, ARGUMENTS[name]);
    let rest = printed.replace(/\s+/g, ' ');
    for (const piece of promisedOutput(examples.get(name) ?? expect.fail(name))) {
      const at = rest.indexOf(piece.replace(/\s+/g, ' '));
      expect(at, `${piece} in ${rest}`).toBeGreaterThanOrEqual(0);
      rest = rest.slice(at + piece.length);
    }
  });

  it('an example is there for every name in the tables of this test', () => {
    const named = [NOT_RUN, SCENES, ARGUMENTS].flatMap(Object.keys);
    expect(named.filter((name) => !examples.has(name))).toEqual([]);
  });
});
