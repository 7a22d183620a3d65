// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ByteSource, bytesSource } from '@latticra/disk-image';
import { GPT_TYPE, readGpt } from '@latticra/disk-image/gpt';
import { openPe } from '@latticra/disk-image/pe';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { attachCertificates, certificate, signedData } from '../../../../tools/testing/pe.js';
import { archive, pax, type TestMember } from '../../../tar/test/archive.js';
import { buildRelease } from '../build/build.js';
import type { BuildOptions } from '../build/options.js';
import { buildRecord } from '../record/schema.js';
import { inputIn, optionsIn, ROOT_MEMBERS, writeInputs } from '../testing/release.js';
import { validateRelease } from './validate.js';

let base: string;
let cwd: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'validate-release-'));
  writeInputs(base);
  await buildRelease(optionsIn(base));
});
beforeEach(async () => {
  cwd = join(base, 'work');
  await rm(cwd, { recursive: true, force: true });
  writeInputs(cwd);
  await cp(join(base, 'out'), join(cwd, 'out'), { recursive: true });
});
afterAll(() => rm(base, { recursive: true, force: true }));

const at = (name: string) => join(cwd, 'out', name);
const ISO = 'latticra-x86_64.iso';
const QCOW2 = 'latticra-x86_64.qcow2';
const EFI = 'latticra.efi';
const RECORD = 'os-image-build.txt';
const MANIFEST = 'manifest.txt';
const SBOM = 'sbom.spdx.json';
const OTHERS = [`${ISO}.sha256`, `${QCOW2}.sha256`];

interface How {
  readonly inputs?: boolean;
  readonly signal?: AbortSignal;
  readonly onLabel?: (label: string) => void;
}

const validate = (how: How = {}, folder = 'out') =>
  validateRelease({
    path: `${folder}/${RECORD}`,
    resolvedPath: join(cwd, folder, RECORD),
    inputsFrom: how.inputs === true ? cwd : undefined,
    tracker: {
      track(label, work) {
        how.onLabel?.(label);
        return work(() => undefined);
      },
    },
    signal: how.signal ?? new AbortController().signal,
  });

const refusal = (message: string | RegExp, code = 'record-differs') =>
  expect.objectContaining({
    name: 'LinuxReleaseError',
    code,
    kind: 'data',
    message: typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message),
    fix: expect.stringMatching(/\w/),
  });

const rebuilt = async (changes: Partial<BuildOptions>) => {
  rmSync(join(cwd, 'out'), { recursive: true });
  return buildRelease(optionsIn(cwd, changes));
};

/** Flips a bit of a file of the release. */
function flip(name: string, byte: number, bit = 0): void {
  const bytes = readFileSync(at(name));
  bytes.writeUInt8(bytes.readUInt8(byte) ^ (1 << bit), byte);
  writeFileSync(at(name), bytes);
}

/** Replaces text in a file of the release. */
function edit(name: string, from: string | RegExp, to: string): void {
  const text = readFileSync(at(name), 'utf8');
  const edited = text.replace(from, to);
  expect(edited).not.toBe(text);
  writeFileSync(at(name), edited);
}

const sumOf = (name: string) =>
  createHash('sha256')
    .update(readFileSync(at(name)))
    .digest('hex');

/** Puts the digests that the files have now wherever those stand that they had, as somebody would who changes a release. */
function sealAgain(): void {
  const record = buildRecord.parse(readFileSync(join(base, 'out', RECORD)));
  const replace = (digest: string, name: string) => {
    for (const file of [RECORD, MANIFEST, SBOM, ...OTHERS]) {
      writeFileSync(at(file), readFileSync(at(file), 'latin1').replaceAll(digest, sumOf(name)), 'latin1');
    }
  };
  for (const [digest, name] of [
    [record.iso?.sha256 ?? '', ISO],
    [record.qcow2?.sha256 ?? '', QCOW2],
    [record.uki.sha256, EFI],
    [record.manifest.sha256, MANIFEST],
    [record.sbom.sha256, SBOM],
  ] as const) {
    replace(digest, name);
  }
}

/** Lets the record say that a disk of 16 MiB was asked for. */
function askForSize(): void {
  edit(RECORD, 'image_size_mib=none', 'image_size_mib=16');
  edit(RECORD, /(--formats \S+)/g, '$1 --image-size-mib 16');
}

/** Lets the record say that another root was asked for. */
function giveRoot(): void {
  edit(RECORD, 'command_line_given=quiet', 'command_line_given=root=/dev/sda');
  edit(RECORD, /--command-line quiet/g, "--command-line 'root=/dev/sda'");
}

/** Finds where the root begins in an ISO or a raw disk. */
function rootIn(disk: ByteSource): number {
  const root = readGpt(disk).partitions.find(({ typeGuid }) => typeGuid === GPT_TYPE.linuxFilesystem);
  return (root?.firstLba ?? expect.unreachable()) * 512;
}

describe('a release that holds', () => {
  it('a release is what its record says, wherever it was moved to', async () => {
    renameSync(join(cwd, 'out'), join(cwd, 'moved'));
    const { record, images, inputsRebuilt, sbomDerived, added, signatures } = await validate({}, 'moved');
    expect([images.iso?.sha256, images.qcow2?.sha256]).toEqual([record.iso?.sha256, record.qcow2?.sha256]);
    expect({ inputsRebuilt, sbomDerived, added, signatures }).toEqual({
      inputsRebuilt: false,
      sbomDerived: true,
      added: [],
      signatures: 0,
    });
  });

  it.each<[string, Partial<BuildOptions>]>([
    ['a root that nobody verifies', { root: 'plain' }],
    ['no root', { root: 'none', rootfs: undefined }],
    ['every format', { formats: new Set(['iso', 'qcow2', 'raw']) }],
    ['a disk that was asked to be larger', { formats: new Set(['raw']), imageSizeMib: 12 }],
    ['an ISO alone', { formats: new Set(['iso']) }],
    ['no command line of its own', { commandLine: '' }],
    ['an archive that is compressed', { rootfs: inputIn('', 'rootfs.tar.gz') }],
  ])('a release with %s holds, and is repeated from its inputs', async (_, changes) => {
    const rootfs = changes.rootfs && inputIn(cwd, changes.rootfs.path);
    await rebuilt({ ...changes, ...(rootfs && { rootfs }) });
    const { inputsRebuilt } = await validate({ inputs: true });
    expect(inputsRebuilt).toBe(true);
  });

  it('a release with a runbook holds as long as the runbook is text', async () => {
    writeFileSync(join(cwd, 'runbook.md'), '# what to do\n');
    await rebuilt({ operatorRecoveryPath: 'runbook.md' });
    expect((await validate({ inputs: true })).added).toEqual([]);
    writeFileSync(at('operator-recovery.txt'), new Uint8Array(100));
    await expect(validate()).rejects.toEqual(refusal('operator-recovery.txt'));
    writeFileSync(at('operator-recovery.txt'), '# something else to do\n');
    await expect(validate()).rejects.toEqual(refusal('operator-recovery.txt: its digest'));
    const digest = buildRecord.parse(readFileSync(at(RECORD))).recoverySha256 ?? '';
    edit(RECORD, digest, sumOf('operator-recovery.txt'));
    await validate();
    await expect(validate({ inputs: true })).rejects.toEqual(
      refusal('operator-recovery.txt', 'not-repeated'),
    );
  });

  it('a release whose images hold the signed unified kernel image holds as well', async () => {
    const bytes = readFileSync(at(EFI));
    const { places } = openPe(bytesSource(bytes));
    const { authenticode } = buildRecord.parse(readFileSync(at(RECORD)));
    const table = certificate(signedData(Buffer.from(authenticode, 'hex')));
    const signed = attachCertificates(bytes, table, places.checksum, places.certificateEntry);
    writeFileSync(join(cwd, 'signed.efi'), signed);
    const record = await rebuilt({ signedUki: inputIn(cwd, 'signed.efi') });
    expect(record.uki.sha256).toBe(sumOf(EFI));
    expect(await validate({ inputs: true })).toMatchObject({ signatures: 1 });
    edit(RECORD, /signed_uki_sha256=.*/, `signed_uki_sha256=sha256:${'0'.repeat(64)}`);
    await expect(validate()).rejects.toEqual(refusal(/iso: the digest of its signed unified kernel image/));
  });

  const LICENCE = './usr/share/doc/demo/copyright';
  const licence = ROOT_MEMBERS.find(({ name }) => name === LICENCE)?.content ?? '';
  const holes = {
    'GNU.sparse.size': '8192',
    'GNU.sparse.numblocks': '2',
    'GNU.sparse.name': LICENCE,
    'GNU.sparse.map': `0,${licence.length},8192,0`,
  };
  it.each<[string, TestMember[]]>([
    [
      'a second name',
      [
        { name: './usr/lib/a-copy', content: licence },
        { name: LICENCE, type: '1', link: './usr/lib/a-copy' },
      ],
    ],
    ['holes', [pax(holes), { name: LICENCE, content: licence }]],
  ])(
    'an SBOM is not held against a licence with %s, of which an archive says less than a root',
    async (_, members) => {
      const others = ROOT_MEMBERS.filter(({ name }) => name !== LICENCE);
      writeFileSync(join(cwd, 'rootfs.tar'), archive(...others, ...members));
      await rebuilt({});
      expect(await validate()).toMatchObject({ sbomDerived: false });
    },
  );

  it('the order of an archive does not matter to what follows from its root', async () => {
    const status = ['c', 'a', 'b'].map((name) => ({
      name: `./var/lib/dpkg/status.d/${name}`,
      content: `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n`,
    }));
    const others = ROOT_MEMBERS.filter(({ name }) => name !== './var/lib/dpkg/status');
    writeFileSync(join(cwd, 'rootfs.tar'), archive(...status, ...others));
    await rebuilt({});
    expect(await validate()).toMatchObject({ sbomDerived: true });
  });

  it('what else lies in the folder is named, and not judged', async () => {
    writeFileSync(at('latticra-x86_64.iso.sig'), 'signature');
    expect((await validate()).added).toEqual(['latticra-x86_64.iso.sig']);
  });
});

describe('a release that does not hold', () => {
  it('a bit that was flipped in the root is found by its block', async () => {
    const place = rootIn(bytesSource(readFileSync(at(ISO))));
    for (const block of [0, 3]) {
      flip(ISO, place + block * 4096 + 1500, 3);
      await expect(validate()).rejects.toEqual(
        refusal(`${ISO}: the root in it: data block ${block} is not`, 'root-damaged'),
      );
      flip(ISO, place + block * 4096 + 1500, 3);
    }
    const { rootfs } = buildRecord.parse(readFileSync(at(RECORD)));
    const last = place + (rootfs?.image.size ?? 0) - 4096;
    flip(ISO, last, 7);
    await expect(validate()).rejects.toEqual(refusal('the root in it: hash block 1 is not', 'root-damaged'));
  });

  it('a bit that was flipped in the root of a raw disk is found by its block too', async () => {
    await rebuilt({ formats: new Set(['raw']) });
    const name = 'latticra-x86_64.raw';
    flip(name, rootIn(bytesSource(readFileSync(at(name)))) + 4096);
    await expect(validate()).rejects.toEqual(
      refusal(`${name}: the root in it: data block 1`, 'root-damaged'),
    );
  });

  it('a root that nobody verifies is held to its digest', async () => {
    await rebuilt({ root: 'plain' });
    flip(ISO, rootIn(bytesSource(readFileSync(at(ISO)))) + 2 * 4096);
    await expect(validate()).rejects.toEqual(refusal(`${ISO}: the digest of its root`));
  });

  it.each<[string, () => void, string | RegExp]>([
    ['the unified kernel image', () => flip(EFI, readFileSync(at(EFI)).indexOf('quiet console')), EFI],
    ['a checksum', () => flip(`${ISO}.sha256`, 3), `${ISO}.sha256`],
    ['the manifest', () => edit(MANIFEST, 'a test', 'a text'), /manifest\.txt: line \d+ is not what follows/],
    ['the SBOM', () => edit(SBOM, '1.0-1', '1.0-2'), /sbom\.spdx\.json: line \d+ is not what follows/],
    ['a build id', () => edit(RECORD, /(build.id.)test.1/g, '$1test.2'), /command line of what was given/],
    [
      'the root of its command line',
      giveRoot,
      /os-image-build\.txt: --command-line: root=\/dev\/sda is decided/,
    ],
    ['the time', () => edit(RECORD, /1700000000/g, '1700000001'), /iso: byte \d+ is not what a build makes/],
    [
      'the time, in one line alone',
      () => edit(RECORD, 'epoch=1700000000', 'epoch=1700000001'),
      /iso_build_command/,
    ],
    ['the commit', () => edit(RECORD, /(source.commit.)unknown/g, `$1${'c'.repeat(40)}`), MANIFEST],
    [
      'a commit that is not whole',
      () => edit(RECORD, /(source.commit.)unknown/g, '$1ccccccc'),
      /source_commit/,
    ],
    [
      'the object of a tag that it has not',
      () => edit(RECORD, 'source_tag_object=none', 'source_tag_object=unknown'),
      /os-image-build\.txt: source_tag_object is none without a tag/,
    ],
    ['the tool', () => edit(RECORD, 'tool_version=0.0.0', 'tool_version=0.0.1'), SBOM],
    [
      'the kernel',
      () => edit(RECORD, /kernel_image_version=/, 'kernel_image_version=x'),
      /version of its kernel/,
    ],
    ['a helper', () => edit(RECORD, /helper_sha256=sha256:./, 'helper_sha256=sha256:z'), RECORD],
    ['the inodes', () => edit(RECORD, /root_inodes=/, 'root_inodes=1'), /number of inodes/],
    ['a warning', () => edit(RECORD, /no driver/, 'a driver'), /warnings/],
    ['the salt', () => edit(RECORD, /(root_verity_salt=)./, '$1z'), RECORD],
    ['the size of a disk', askForSize, /qcow2: byte \d+ is not what a build makes/],
    ['a claim', () => edit(RECORD, 'bootable_os_ready=0', 'bootable_os_ready=1'), /bootable_os_ready/],
    ['its rule of names', () => edit(RECORD, `iso_path=${ISO}`, `iso_path=../${ISO}`), /names the file/],
    ['its formats', () => edit(RECORD, 'formats=iso,qcow2', 'formats=qcow2,iso'), RECORD],
  ])('a release that was changed in %s is refused, and told so', async (_, change, message) => {
    change();
    await expect(validate()).rejects.toEqual(refusal(message));
  });

  it('a bit that was flipped anywhere is refused', { timeout: 240_000 }, async () => {
    const names = [ISO, QCOW2, EFI, MANIFEST, SBOM, RECORD, ...OTHERS];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.nat({ max: 7 }),
        async (name, part, bit) => {
          const byte = Math.floor(part * readFileSync(at(name)).length);
          flip(name, byte, bit);
          try {
            await expect(validate()).rejects.toMatchObject({ name: 'LinuxReleaseError', kind: 'data' });
          } finally {
            flip(name, byte, bit);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a bit that was flipped anywhere is refused even where every digest was made to fit', {
    timeout: 240_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(ISO, QCOW2, EFI, MANIFEST, SBOM),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.nat({ max: 7 }),
        async (name, part, bit) => {
          const kept = new Map(readdirSync(join(cwd, 'out')).map((file) => [file, readFileSync(at(file))]));
          flip(name, Math.floor(part * readFileSync(at(name)).length), bit);
          sealAgain();
          try {
            await expect(validate()).rejects.toMatchObject({ name: 'LinuxReleaseError', kind: 'data' });
          } finally {
            for (const [file, bytes] of kept) writeFileSync(at(file), bytes);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('digests that were made to fit do not hide what else an image was given to hold', async () => {
    const bytes = readFileSync(at(ISO));
    bytes.write('hidden in the gap before the volume', 20 * 1024, 'latin1');
    writeFileSync(at(ISO), bytes);
    sealAgain();
    await expect(validate()).rejects.toEqual(refusal(`${ISO}: byte 20480 is not what a build makes`));
  });

  it('an image whose BIOS loader has another command line than UEFI is refused', async () => {
    const bytes = readFileSync(at(ISO));
    bytes.write('LATTICRA_CMDLINEquick', bytes.indexOf('LATTICRA_CMDLINEquiet'), 'latin1');
    writeFileSync(at(ISO), bytes);
    sealAgain();
    await expect(validate()).rejects.toEqual(
      refusal(`${ISO}: its BIOS loader has another command line: quick`),
    );
  });

  it('an image whose BIOS loader starts another kernel than UEFI is refused', async () => {
    const bytes = readFileSync(at(ISO));
    const slot = bytes.indexOf('LATTICRA_BIOSLNX') + 16;
    bytes.writeUInt32LE(bytes.readUInt32LE(slot + 8) + 4, slot + 8);
    writeFileSync(at(ISO), bytes);
    sealAgain();
    await expect(validate()).rejects.toEqual(
      refusal(/iso: at byte \d+, where its BIOS loader seeks the kernel, is/),
    );
  });

  it.each([ISO, QCOW2, EFI])(
    '%s that is all hole behind its end is refused before that is read',
    async (name) => {
      truncateSync(at(name), 2 ** 40);
      await expect(validate()).rejects.toEqual(
        refusal(`${name}: its size is ${2 ** 40}, but the record says `),
      );
    },
  );

  it('a signed file in place of the unsigned one is refused', async () => {
    const bytes = readFileSync(at(EFI));
    const { places } = openPe(bytesSource(bytes));
    const { authenticode } = buildRecord.parse(readFileSync(at(RECORD)));
    const table = certificate(signedData(Buffer.from(authenticode, 'hex')));
    writeFileSync(at(EFI), attachCertificates(bytes, table, places.checksum, places.certificateEntry));
    sealAgain();
    await expect(validate()).rejects.toEqual(refusal(`${EFI}: carries a signature`));
  });

  it('images of another release are refused though each is sound', async () => {
    const { iso } = await rebuilt({ outputDir: join(cwd, 'out'), commandLine: 'quiet panic=1' });
    expect(iso?.sha256).toBe(sumOf(ISO));
    const other = readFileSync(at(ISO));
    await rm(join(cwd, 'out'), { recursive: true });
    await cp(join(base, 'out'), join(cwd, 'out'), { recursive: true });
    writeFileSync(at(ISO), other);
    sealAgain();
    await expect(validate()).rejects.toEqual(refusal(`${ISO}: its unified kernel image differs from ${EFI}`));
  });

  it.each([ISO, `${QCOW2}.sha256`, EFI, MANIFEST, SBOM, RECORD])(
    '%s that is missing, a link or under two names is refused',
    async (name) => {
      const elsewhere = join(cwd, 'elsewhere');
      renameSync(at(name), elsewhere);
      await expect(validate()).rejects.toMatchObject({ code: 'not-found', kind: 'input-missing' });
      symlinkSync(elsewhere, at(name));
      await expect(validate()).rejects.toMatchObject({ code: 'not-regular' });
      rmSync(at(name));
      linkSync(elsewhere, at(name));
      await expect(validate()).rejects.toMatchObject({ code: 'hard-linked' });
    },
  );

  it('a record that is cut, empty or something else is refused', async () => {
    for (const text of ['', 'LATTICRA OS IMAGE BUILD\n', readFileSync(at(RECORD), 'utf8').slice(0, -20)]) {
      writeFileSync(at(RECORD), text);
      await expect(validate()).rejects.toEqual(refusal(RECORD));
    }
  });
});

describe('a release that is built again', () => {
  // A place of its own for what is temporary: other tests build as well.
  beforeEach(() => {
    mkdirSync(join(cwd, 'tmp'));
    vi.stubEnv('TMPDIR', join(cwd, 'tmp'));
  });
  afterEach(() => vi.unstubAllEnvs());
  const temporary = () => readdirSync(join(cwd, 'tmp'));

  it('the inputs give the same bytes, and nothing is left of it', async () => {
    expect(await validate({ inputs: true })).toMatchObject({ inputsRebuilt: true });
    expect(temporary()).toEqual([]);
  });

  it.each(['vmlinuz', 'initrd.img', 'rootfs.tar'])(
    'another %s than the recorded one is refused',
    async (name) => {
      const bytes = readFileSync(join(cwd, name));
      writeFileSync(join(cwd, name), Buffer.concat([bytes, new Uint8Array(512)]));
      await expect(validate({ inputs: true })).rejects.toMatchObject({
        name: 'LinuxReleaseError',
        kind: 'data',
      });
      rmSync(join(cwd, name));
      await expect(validate({ inputs: true })).rejects.toMatchObject({
        code: 'not-found',
        kind: 'input-missing',
      });
    },
  );

  it('what only the inputs tell is found out by building again', async () => {
    edit(RECORD, /^output_dir=out$/m, 'output_dir=other');
    edit(RECORD, /--output-dir out$/gm, '--output-dir other');
    await validate({ inputs: true });
    edit(RECORD, /^rootfs_path=rootfs.tar$/m, 'rootfs_path=./rootfs.tar');
    edit(RECORD, /--rootfs rootfs.tar /g, '--rootfs ./rootfs.tar ');
    await validate({ inputs: true });
    edit(RECORD, /^rootfs_format=tar$/m, 'rootfs_format=tar.gz');
    await validate();
    await expect(validate({ inputs: true })).rejects.toEqual(refusal(RECORD, 'not-repeated'));
  });

  it('a validation that is interrupted at any of its steps leaves nothing', async () => {
    const labels: string[] = [];
    await validate({ inputs: true, onLabel: (label) => labels.push(label) });
    expect(labels.length).toBeGreaterThan(8);
    for (let step = 0; step < labels.length; step++) {
      const controller = new AbortController();
      let left = step;
      const onLabel = () => {
        if (left-- === 0) controller.abort();
      };
      await expect(validate({ inputs: true, onLabel, signal: controller.signal })).rejects.toMatchObject({
        name: 'AbortError',
      });
      expect(temporary()).toEqual([]);
    }
  });
});
