// SPDX-License-Identifier: Apache-2.0
import { readBzImage } from '../../../packages/disk-image/src/bzimage/index.js';
import { checkErofs } from '../../../packages/disk-image/src/erofs/index.js';
import { bytesSource, layoutSource, sliceSource } from '../../../packages/disk-image/src/index.js';
import {
  authenticodeDigest,
  openPe,
  peChecksum,
  readCertificates,
  readSignedDigest,
  removeSignature,
} from '../../../packages/disk-image/src/pe/index.js';
import { digestHere } from '../../../packages/held-files/src/digest/index.js';
import {
  BIOS_PARTS,
  checkSignedUki,
  createBiosLoader,
  createMasterBoot,
  type HelperConfig,
  isOwnLinuxLoader,
  joinInitramfs,
  planDisk,
  planLinuxIso,
  planRoot,
  planUki,
  readBiosLoader,
  readJoinedInitramfs,
  readLinuxKernel,
  readLinuxMedium,
  readMasterBoot,
  readUki,
  scanRoot,
  writeRoot,
} from '../../../packages/linux-image/src/index.js';
import { formatConfig, parseConfig } from '../../../packages/linux-image/src/initramfs/config.js';
import { findModuleFiles, readModules } from '../../../packages/linux-image/src/modules/collect.js';
import { parseBuiltins, parseDependencies } from '../../../packages/linux-image/src/modules/lists.js';
import { checkCommandLine, checkOsRelease } from '../../../packages/linux-image/src/uki/texts.js';
import { INITRAMFS, KERNEL, RELEASE, ROOTFS } from '../../../packages/linux-release/src/testing/release.js';
import {
  type ArchiveFeed,
  type ArchivePush,
  createArchiveFeed,
  createArchiveReplay,
} from '../../../packages/tar/src/index.js';
import { attachCertificates, certificate, peProgram, signedData } from '../../testing/pe.js';
import { type FuzzTarget, hold, unlessRefused } from '../engine/target.js';
import { bytesOf, imageBytes, isSame } from './bytes.js';

const COMMAND_LINE = 'console=ttyS0 quiet';
const OS_RELEASE = 'ID=test\n\n# a comment\nPRETTY_NAME="Test ™"\n';
const planned = planUki({
  kernel: bytesSource(KERNEL),
  initrd: bytesSource(INITRAMFS),
  commandLine: COMMAND_LINE,
  osRelease: OS_RELEASE,
});
const UKI = imageBytes(planned.layout);

/** Signs a program with a signature that no key made. */
function signed(bytes: Uint8Array): Uint8Array {
  const source = bytesSource(bytes);
  const program = openPe(source);
  const digest = Buffer.from(authenticodeDigest(source, program), 'hex');
  const { checksum, certificateEntry } = program.places;
  return attachCertificates(bytes, certificate(signedData(digest)), checksum, certificateEntry);
}

const SECTORS = [2048, 4096];
const MODULES = [{ name: 'erofs.ko', content: Buffer.alloc(300, 1) }];
const VERITY: HelperConfig = {
  root: 'verity',
  blocks: 100,
  total: 103,
  hash: 'a'.repeat(64),
  salt: 'b'.repeat(64),
  uuid: '00112233-4455-6677-8899-aabbccddeeff',
  sectors: SECTORS,
  modules: ['erofs.ko'],
};
const { total: _total, hash: _hash, salt: _salt, ...place } = VERITY;
const PLAIN: HelperConfig = { ...place, root: 'plain' };
const joined = (config: HelperConfig) =>
  imageBytes(joinInitramfs(bytesSource(INITRAMFS), { config, modules: MODULES }));

const FACTS = {
  loader: 1 << 20,
  kernel: { offset: 2 << 20, size: 5000 },
  initramfs: { offset: 3 << 20, size: 700 },
  commandLine: COMMAND_LINE,
};

const MEDIUM = { uki: { ...planned, source: bytesSource(UKI) }, root: undefined, epoch: 1 };
const linuxDisk = () => imageBytes(planDisk(MEDIUM));
const linuxIso = () => imageBytes(planLinuxIso(MEDIUM));

const FOLDER = `usr/lib/modules/${RELEASE}`;
const DEPENDENCIES = `kernel/drivers/md/dm-verity.ko: kernel/drivers/md/dm-mod.ko kernel/drivers/md/dm-bufio.ko
kernel/drivers/md/dm-mod.ko:
kernel/drivers/md/dm-bufio.ko:
kernel/fs/erofs/erofs.ko:
`;
const BUILTINS = 'kernel/lib/libcrc32c.ko\nkernel/crypto/sha256_generic.ko\n';

/** The largest image of a root that is written here: a sparse file may be as long as anything. */
const MAX_ROOT = 4 << 20;

/** Readers of what a system with Linux is started from. */
export const linuxImageTargets: readonly FuzzTarget[] = [
  {
    name: 'linuxKernel',
    seeds: () => [KERNEL],
    words: ['HdrS', '\x55\xaa', 'MZ', 'PE\0\0', '\x0f\x02'],
    run({ source }) {
      const image = readBzImage(source);
      const kernel = readLinuxKernel(source);
      hold(image !== undefined && kernel.size === source.size, 'a kernel is taken that is no bzImage');
    },
  },
  {
    name: 'signedProgram',
    seeds: () => [
      signed(peProgram({ sections: { '.data': Buffer.alloc(600, 1) } })),
      peProgram(),
      signed(UKI),
    ],
    words: ['MZ', 'PE\0\0', '\x00\x02\x02\x00', '\x30\x82', '\x0b\x02', '.text\0\0\0'],
    run({ source }) {
      const program = openPe(source);
      peChecksum(source, program);
      authenticodeDigest(source, program);
      for (const { der } of readCertificates(source, program)) unlessRefused(() => readSignedDigest(der));
      const bare = layoutSource(removeSignature(source, program));
      hold(openPe(bare).certificates === undefined, 'a program is signed whose signature was removed');
    },
  },
  {
    name: 'signedDigest',
    seeds: () => [signedData(Buffer.alloc(32, 1))],
    words: ['\x30\x80', '\x30\x82', '\xa0\x84\xff\xff\xff\xff', '\x06\x09'],
    run: ({ bytes }) => readSignedDigest(bytes),
  },
  {
    name: 'uki',
    seeds: () => [UKI, signed(UKI)],
    words: ['.linux\0\0', '.initrd\0', '.cmdline', '.osrel\0\0', '.uname\0\0', 'PE\0\0'],
    run({ source, bytes }) {
      const uki = readUki(source);
      if (!uki.stubIsOurs || uki.signatures > 0) return;
      const part = ({ offset, size }: typeof uki.kernel) => sliceSource(source, offset, size);
      const again = planUki({ ...uki, kernel: part(uki.kernel), initrd: part(uki.initrd) });
      hold(isSame(imageBytes(again.layout), bytes), 'an image is taken that its parts do not make');
    },
  },
  {
    name: 'signedUki',
    seeds: () => [signed(UKI)],
    words: ['\x00\x02\x02\x00', '\x30\x82'],
    run({ source }) {
      checkSignedUki(bytesSource(UKI), source);
      const bare = imageBytes(removeSignature(source, openPe(source)));
      hold(isSame(bare, UKI), 'a file is taken for signed that holds another program');
    },
  },
  {
    name: 'ukiTexts',
    seeds: () => [bytesOf(COMMAND_LINE), bytesOf(OS_RELEASE)],
    words: ['\0', '\n', '\x7f', '='],
    run({ text }) {
      unlessRefused(() => checkOsRelease(text));
      checkCommandLine(text);
    },
  },
  {
    name: 'joinedInitramfs',
    seeds: () => [joined(VERITY), joined(PLAIN)],
    words: ['070701', 'TRAILER!!!\0', 'latticra/', 'sector=', 'module=', 'FFFFFFFF', '00000000'],
    run({ source, bytes }) {
      const found = readJoinedInitramfs(source, INITRAMFS.length);
      if (!found.isOwnHelper) return;
      const again = imageBytes(joinInitramfs(found.given, found));
      hold(isSame(again, bytes), 'an initramfs is read that its parts do not make');
    },
  },
  {
    name: 'helperConfig',
    seeds: () => [VERITY, PLAIN].map((config) => bytesOf(formatConfig(config))),
    words: ['root=', 'blocks=', 'sector=', 'module=', 'hash=', '1e3', '__proto__=', '\n\n'],
    run({ text }) {
      hold(formatConfig(parseConfig(text)) === text, 'a configuration is read that is not written so');
    },
  },
  {
    name: 'biosLoader',
    seeds: () => [createBiosLoader(FACTS, 2048), createMasterBoot(FACTS.loader), BIOS_PARTS.biosLoader],
    words: ['LATTICRA_BIOSLNX', 'LATTICRA_MBR_LBA', 'LATTICRA_CMDLINE'],
    run({ bytes }) {
      const loader = readMasterBoot(bytes);
      const made = unlessRefused(() => createMasterBoot(loader ?? 0));
      hold(made === undefined || isSame(made, bytes), 'code is taken for ours that is not');
      const facts = readBiosLoader(bytes);
      if (facts === undefined) return;
      const again = unlessRefused(() => createBiosLoader(facts, 512));
      hold(again === undefined || isSame(again, bytes), 'a loader is taken for ours that is not');
    },
  },
  {
    name: 'linuxMedium',
    seeds: () => [linuxDisk(), linuxIso()],
    words: ['EFI PART', 'LATTICRA_BIOSLNX', 'EL TORITO SPECIFICATION', 'BOOTX64 EFI'],
    run({ source }) {
      for (const format of ['iso', 'disk'] as const) {
        isOwnLinuxLoader(source, format);
        unlessRefused(() => readLinuxMedium(source, format));
      }
    },
  },
  {
    name: 'moduleLists',
    seeds: () => [DEPENDENCIES, BUILTINS].map(bytesOf),
    words: ['.ko.xz', '.ko:', ': ', 'kernel/', '__proto__', '../', '\n'],
    async run({ text, bytes }) {
      const names = unlessRefused(() => [...parseDependencies(text).keys()]) ?? [];
      unlessRefused(() => parseBuiltins(text));
      const paths = [...names, 'modules.dep', 'modules.builtin'].map((name) => `${FOLDER}/${name}`);
      for (const mode of ['verity', 'plain'] as const) {
        const list = (path: string) => (path.endsWith('.dep') ? bytes : bytesOf(BUILTINS));
        const files = unlessRefused(() => findModuleFiles(mode, RELEASE, paths, list));
        if (files !== undefined) await readModules(files.load, () => KERNEL);
      }
    },
  },
  {
    name: 'rootOfArchive',
    seeds: () => [ROOTFS.subarray()],
    words: ['ustar\x0000', './', '../', '/', 'SCHILY.xattr.', 'mtime=', '77777777777\0'],
    async run({ bytes }) {
      const scan = scanRoot();
      await pass(bytes, createArchiveFeed(scan));
      const plan = planRoot(scan.finish(), 'verity', 0);
      if (plan.size > MAX_ROOT) return;
      const image = Buffer.alloc(plan.size);
      const target = {
        write: (piece: Uint8Array, offset: number) => image.set(piece, offset),
        readInto: (into: Uint8Array, offset: number) =>
          into.set(image.subarray(offset, offset + into.length)),
      };
      const writer = writeRoot(plan, new Set(), target, digestHere());
      await pass(bytes, createArchiveReplay(writer));
      writer.finish();
      checkErofs(bytesSource(image.subarray(0, plan.erofs.size)));
    },
  },
];

async function pass(bytes: Uint8Array, feed: Pick<ArchiveFeed, 'push' | 'end'> | ArchivePush): Promise<void> {
  await feed.push(bytes);
  await feed.end();
}
