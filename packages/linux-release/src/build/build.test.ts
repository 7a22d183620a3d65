// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bytesSource, sliceSource } from '@latticra/disk-image';
import { checkErofs } from '@latticra/disk-image/erofs';
import { verifyVerity } from '@latticra/disk-image/verity';
import { parseChecksums } from '@latticra/evidence-format';
import { isoRootOffset, readJoinedInitramfs, readUki } from '@latticra/linux-image';
import { artifactManifest } from '@latticra/manifest';
import { checkSbom, sbomLists } from '@latticra/sbom/check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archive, type TestMember } from '../../../tar/test/archive.js';
import { buildRecord } from '../record/schema.js';
import { INITRAMFS, inputIn, optionsIn, ROOT_MEMBERS, writeInputs } from '../testing/release.js';
import { buildRelease } from './build.js';
import type { BuildOptions } from './options.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'build-release-'));
  writeInputs(cwd);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const build = (changes: Partial<BuildOptions> = {}) => buildRelease(optionsIn(cwd, changes));
const sum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Returns the modules that a release loads from its initramfs. */
async function modulesOf(folder: string) {
  const record = buildRecord.parse(await readFile(join(cwd, folder, 'os-image-build.txt')));
  const uki = bytesSource(await readFile(join(cwd, folder, 'latticra.efi')));
  const { offset, size } = readUki(uki).initrd;
  const { modules } = readJoinedInitramfs(sliceSource(uki, offset, size), record.initramfs.size);
  return modules.map(({ name, content }) => [name, sum(content)]);
}

/** Reads the digests of the files in a folder. */
async function sumsOf(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  const sums = names.map(async (name) => [name, sum(await readFile(join(folder, name)))] as const);
  return Object.fromEntries(await Promise.all(sums));
}

describe('a release that is built', () => {
  it('the folder has the files of a release and no other, and the record is what was returned', async () => {
    const record = await build();
    expect(Object.keys(await sumsOf(join(cwd, 'out')))).toEqual([
      'latticra-x86_64.iso',
      'latticra-x86_64.iso.sha256',
      'latticra-x86_64.qcow2',
      'latticra-x86_64.qcow2.sha256',
      'latticra.efi',
      'manifest.txt',
      'os-image-build.txt',
      'sbom.spdx.json',
    ]);
    expect(buildRecord.parse(await readFile(join(cwd, 'out/os-image-build.txt')))).toEqual(record);
  });

  it('record, checksums, manifest and SBOM have the digests that the files have', async () => {
    const record = await build();
    const sums = await sumsOf(join(cwd, 'out'));
    expect([record.iso?.sha256, record.qcow2?.sha256, record.uki.sha256]).toEqual([
      sums['latticra-x86_64.iso'],
      sums['latticra-x86_64.qcow2'],
      sums['latticra.efi'],
    ]);
    expect([record.sbom.sha256, record.manifest.sha256]).toEqual([
      sums['sbom.spdx.json'],
      sums['manifest.txt'],
    ]);
    for (const name of ['latticra-x86_64.iso', 'latticra-x86_64.qcow2']) {
      const checksums = parseChecksums(await readFile(join(cwd, 'out', `${name}.sha256`), 'utf8'));
      expect(checksums).toEqual([{ hex: sums[name], name }]);
    }
    const manifest = artifactManifest.parse(await readFile(join(cwd, 'out/manifest.txt')));
    expect([manifest.iso?.sha256, manifest.vmImage?.sha256]).toEqual([
      record.iso?.sha256,
      record.qcow2?.sha256,
    ]);
    const { document, findings } = checkSbom(await readFile(join(cwd, 'out/sbom.spdx.json')));
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    const inputs = [record.kernel.sha256, record.initramfs.sha256, record.rootfs?.sha256 ?? ''];
    for (const digest of [...inputs, record.uki.sha256, record.iso?.sha256 ?? '']) {
      expect(document && sbomLists(document, digest)).toBe(true);
    }
  });

  it('the same inputs give the same bytes in another folder, with another umask and in another time zone', async () => {
    await build();
    const other = await mkdtemp(join(tmpdir(), 'build-other-'));
    const umask = process.umask(0o077);
    const zone = process.env.TZ;
    process.env.TZ = 'Pacific/Kiritimati';
    try {
      writeInputs(other);
      await buildRelease(optionsIn(other));
      expect(await sumsOf(join(other, 'out'))).toEqual(await sumsOf(join(cwd, 'out')));
    } finally {
      process.umask(umask);
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
      await rm(other, { recursive: true });
    }
  });

  it('an archive that gzip compressed gives the same images', async () => {
    const plain = await build();
    const zipped = await build({ rootfs: inputIn(cwd, 'rootfs.tar.gz'), outputDir: join(cwd, 'zipped') });
    expect([zipped.rootfs?.format, zipped.rootfs?.image]).toEqual(['tar.gz', plain.rootfs?.image]);
    expect([zipped.iso, zipped.qcow2, zipped.uki]).toEqual([plain.iso, plain.qcow2, plain.uki]);
  });

  it('an image is the same whatever is built beside it', async () => {
    const { raw, iso, qcow2 } = await build({ formats: new Set(['iso', 'qcow2', 'raw']) });
    const sums = { iso: iso?.sha256, qcow2: qcow2?.sha256, raw: raw?.sha256 };
    for (const formats of [['iso'], ['qcow2'], ['raw'], ['qcow2', 'raw'], ['raw', 'iso']] as const) {
      const outputDir = join(cwd, formats.join('-'));
      const made = await build({ formats: new Set<'iso' | 'qcow2' | 'raw'>(formats), outputDir });
      for (const format of formats) {
        expect(made[format]?.sha256).toBe(sums[format]);
        expect(sum(await readFile(join(outputDir, `latticra-x86_64.${format}`)))).toBe(sums[format]);
      }
      expect((await readdir(outputDir)).filter((name) => name.endsWith('.img'))).toEqual([]);
    }
  });

  it('a root that is so large that other threads digest it has the digests of what was written', async () => {
    const content = Buffer.alloc((7 << 20) + 4321, 'much of it ');
    const members: TestMember[] = [...ROOT_MEMBERS, { name: 'usr/share/large', content }];
    await writeFile(join(cwd, 'rootfs.tar'), archive(...members));
    await writeFile(join(cwd, 'rootfs.tar.gz'), gzipSync(archive(...members)));
    for (const name of ['rootfs.tar', 'rootfs.tar.gz']) {
      const { iso, qcow2, rootfs } = await build({
        rootfs: inputIn(cwd, name),
        outputDir: join(cwd, `of-${name}`),
      });
      const image = await readFile(join(cwd, `of-${name}/latticra-x86_64.iso`));
      expect(iso?.sha256).toBe(sum(image));
      expect(qcow2?.sha256).toBe(sum(await readFile(join(cwd, `of-${name}/latticra-x86_64.qcow2`))));
      expect(rootfs?.sha256).toBe(sum(await readFile(join(cwd, name))));
      const at = isoRootOffset(rootfs?.image.size ?? 0, 1_700_000_000);
      const root = image.subarray(at, at + (rootfs?.image.size ?? 0));
      expect(rootfs?.image.sha256).toBe(sum(root));
      const { volume } = checkErofs(bytesSource(root));
      const check = verifyVerity({
        data: sliceSource(bytesSource(root), 0, volume.size),
        hash: sliceSource(bytesSource(root), volume.size, root.length - volume.size),
        rootHash: Buffer.from(rootfs?.image.verityHash ?? '', 'hex'),
      });
      expect(check.holds).toBe(true);
    }
  });

  it('another time, build id or command line gives other images', async () => {
    const plain = await build();
    const others = [{ epoch: 5 }, { buildId: 'test.2' }, { commandLine: 'quiet panic=1' }];
    for (const [index, change] of others.entries()) {
      const { iso, qcow2 } = await build({ ...change, outputDir: join(cwd, `other-${index}`) });
      expect(iso?.sha256).not.toBe(plain.iso?.sha256);
      expect(qcow2?.sha256).not.toBe(plain.qcow2?.sha256);
    }
  });

  it('the command line names a console, the root, its hash and the build', async () => {
    const { commandLine, rootfs } = await build();
    expect(commandLine).toBe(
      `quiet console=ttyS0 rdinit=/latticra/init root=/dev/dm-1 rootfstype=erofs ro latticra.roothash=${rootfs?.image.verityHash} latticra.build=test.1`,
    );
    const own = await build({
      commandLine: 'console=tty1',
      root: 'none',
      rootfs: undefined,
      outputDir: join(cwd, 'own'),
    });
    expect(own.commandLine).toBe('console=tty1 latticra.build=test.1');
  });

  it('a command line that the kernel itself would cut is refused, and nothing is written', async () => {
    const kernel = await readFile(join(cwd, 'vmlinuz'));
    // `cmdline_size` of the boot protocol.
    kernel.writeUInt32LE(100, 0x238);
    await writeFile(join(cwd, 'vmlinuz'), kernel);
    await expect(build()).rejects.toThrow(
      expect.objectContaining({
        code: 'bad-command-line',
        message: expect.stringMatching(/the kernel takes 100/),
      }),
    );
    expect(await readdir(cwd)).not.toContain('out');
  });

  it('a root without a known package database is warned of, and so is a kernel without drivers', async () => {
    const members = [
      ...ROOT_MEMBERS.filter(({ name }) => !name.includes('dpkg')),
      { name: 'usr/lib/sysimage/rpm/rpmdb.sqlite', content: 'SQLite format 3' },
    ];
    await writeFile(join(cwd, 'rootfs.tar'), archive(...members));
    const { warnings } = await build();
    expect(warnings.join('\n')).toMatch(/no driver for CD drives/);
    expect(warnings.join('\n')).toMatch(/no package database that is known/);
    expect(warnings.join('\n')).toMatch(/the packages of rpm are not in the SBOM/);
  });

  it('modules that are second names of files are read, and so are their lists', async () => {
    const isModule = ({ name, type }: TestMember) => name.includes('lib/modules') && type === undefined;
    const linked = ROOT_MEMBERS.filter(isModule).flatMap(({ name, content = '' }, index) => {
      const first = name.includes('.ko')
        ? `./usr/lib/first-${index}`
        : name.replace('6.1.0-test', '6.1.0-other');
      return [
        { name: first, content },
        { name, type: '1', link: first },
      ];
    });
    const plain = await build();
    await writeFile(
      join(cwd, 'rootfs.tar'),
      archive(...ROOT_MEMBERS.filter((member) => !isModule(member)), ...linked),
    );
    const other = await build({ outputDir: join(cwd, 'linked') });
    expect(other.initramfs.appendedSha256).not.toBe(plain.initramfs.appendedSha256);
    expect(await modulesOf('linked')).toEqual(await modulesOf('out'));
  });

  it('modules in both places are refused, whichever of them are second names', async () => {
    const twice = ROOT_MEMBERS.filter(({ name }) => name.includes('.ko')).map(({ name }) => ({
      name: name.replace('./usr/', './'),
      type: '1',
      link: name,
    }));
    await writeFile(join(cwd, 'rootfs.tar'), archive(...ROOT_MEMBERS, ...twice));
    await expect(build()).rejects.toMatchObject({
      code: 'modules-none',
      message: expect.stringContaining('in both'),
    });
  });

  it('a runbook is put beside the images, and an address is recorded', async () => {
    await writeFile(join(cwd, 'runbook.md'), '# what to do\n');
    await build({ operatorRecoveryPath: 'runbook.md' });
    expect(await readFile(join(cwd, 'out/operator-recovery.txt'), 'utf8')).toBe('# what to do\n');
    const address = 'https://example.org/runbook';
    await build({ operatorRecoveryPath: address, outputDir: join(cwd, 'address') });
    const manifest = artifactManifest.parse(await readFile(join(cwd, 'address/manifest.txt')));
    expect(manifest.operatorRecoveryPath).toBe(address);
  });
});

describe('a release that is not built', () => {
  const left = async () => (await readdir(cwd)).sort();

  it.each<[string, string, Uint8Array, RegExp]>([
    ['no text', 'bad-input', INITRAMFS, /^runbook.md: found a cpio archive, expected text$/],
    ['empty', 'bad-input', new Uint8Array(0), /^runbook.md: found an empty file, expected text$/],
    ['longer than 16 MiB', 'too-large', Buffer.alloc((16 << 20) + 1, 'a\n'), /^runbook.md: 16777217 bytes/],
  ])('a runbook that is %s is refused before anything is written', async (_, code, content, message) => {
    await writeFile(join(cwd, 'runbook.md'), content);
    const changes = { operatorRecoveryPath: 'runbook.md', outputDir: join(cwd, 'new/folder/out') };
    await expect(build(changes)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await left()).not.toContain('new');
  });
  const inputs = ['initrd.img', 'rootfs.tar', 'rootfs.tar.gz', 'vmlinuz'];

  it('a root in a compression that is not read is named as what it is, and nothing is left', async () => {
    await writeFile(join(cwd, 'rootfs.tar'), Buffer.from('28b52ffd0000000000', 'hex'));
    await expect(build()).rejects.toMatchObject({
      code: 'bad-input',
      message: 'rootfs.tar: found zstd data, expected a tar archive, alone or compressed with gzip',
      fix: 'decompress it with zstd -d',
    });
    expect(await left()).toEqual(inputs);
  });

  it.each<[string, Partial<BuildOptions>, RegExp]>([
    ['root=/dev/sda1', { commandLine: 'root=/dev/sda1' }, /root=\/dev\/sda1 is decided by the build/],
    ['rdinit', { commandLine: 'quiet rdinit=/bin/sh' }, /rdinit/],
    ['rootfstype', { commandLine: 'rootfstype=ext4' }, /rootfstype/],
    [
      'latticra.build',
      { commandLine: 'latticra.build=x', root: 'none', rootfs: undefined },
      /latticra\.build=x/,
    ],
    ['a build id of two words', { buildId: 'a b' }, /--build-id/],
    ['a build id of nothing', { buildId: '' }, /--build-id/],
    ['a root that is not there', { rootfs: undefined }, /go together/],
    ['a root that nobody reads', { root: 'none' }, /go together/],
  ])('%s is refused as an option, and nothing is left', async (_, changes, message) => {
    await expect(build(changes)).rejects.toMatchObject({
      name: 'LinuxReleaseError',
      code: 'bad-option',
      kind: 'usage',
      message: expect.stringMatching(message),
    });
    expect(await left()).toEqual(inputs);
  });

  it('a disk that is too small is refused, and nothing is left', async () => {
    await expect(build({ imageSizeMib: 2 })).rejects.toMatchObject({ code: 'bad-place' });
    expect(await left()).toEqual(inputs);
  });

  it.each(['kernel', 'initramfs', 'rootfs'] as const)(
    'a %s that is another one than its manifest says is refused, and nothing is left',
    async (which) => {
      const { path } = optionsIn(cwd)[which] ?? expect.unreachable();
      await expect(build({ [which]: inputIn(cwd, path, '0'.repeat(64)) })).rejects.toMatchObject({
        code: 'input-differs',
        kind: 'data',
        message: expect.stringContaining(path),
      });
      expect(await left()).toEqual(inputs);
    },
  );

  it.each([
    ['kernel', 'vmlinuz'],
    ['initramfs', 'initrd.img'],
    ['rootfs', 'rootfs.tar'],
  ])('a %s that is something else is refused by what it is, and nothing is left', async (_, path) => {
    await writeFile(join(cwd, path), 'something else\n'.repeat(1000));
    const message = expect.stringContaining(`${path}: found text, expected `);
    await expect(build()).rejects.toMatchObject({ code: 'bad-input', kind: 'data', message });
    expect(await left()).toEqual(inputs);
  });

  it('a build that is interrupted at any of its steps leaves nothing', async () => {
    const labels: string[] = [];
    const watch = (stopAt: number) => {
      const controller = new AbortController();
      const tracker: BuildOptions['tracker'] = {
        track(label, work) {
          if (stopAt < 0) labels.push(label);
          if (--stopAt === -1) controller.abort();
          return work(() => undefined);
        },
      };
      return { tracker, signal: controller.signal };
    };
    await build(watch(-1));
    await rm(join(cwd, 'out'), { recursive: true });
    expect(labels).toEqual([
      'reading the root',
      'writing the root',
      'reading the initramfs',
      'writing the images',
    ]);
    for (let step = 0; step < labels.length; step++) {
      await expect(build(watch(step))).rejects.toMatchObject({ name: 'AbortError' });
      expect(await left()).toEqual(inputs);
    }
  });
});
