// SPDX-License-Identifier: Apache-2.0
/** What happens before, and instead of, a boot that is recorded; those that are, are in validation/validate.int.test.ts. */
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { bootPreviewFixture } from '@latticra/manifest';
import { parseCommand } from '@latticra/shell-words';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../../../../tools/testing/tools.js';
import {
  CAPTURE_TOOLS,
  type ConsentedImage,
  captureImage,
  consentedImage,
  planImage,
} from '../../test/captures.js';
import { captureCommand, captureEvidence, profileNamed } from '../index.js';

const PROFILE = 'x86_64-grub2-bios-preview';

describeWith(CAPTURE_TOOLS, 'a capture', () => {
  let cwd = '';
  let image: ConsentedImage;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'capture-'));
    image = await consentedImage(cwd, PROFILE, 'capture.1');
  }, 120_000);
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  const nothingIn = (folder: string) => expect(readdirSync(cwd)).not.toContain(folder);

  it('a capture without a consent, or with one for something else, runs nothing', async () => {
    const gone = { ...image, consent: 'gone.txt' };
    await expect(captureImage(cwd, gone, { outputDir: 'none' })).rejects.toMatchObject({
      code: 'not-found',
      kind: 'input-missing',
    });
    const text = readFileSync(join(cwd, image.consent), 'utf8');
    for (const [from, to] of [
      [/review-7/, 'review-8'],
      [/x86_64-grub2-bios-preview/, 'x86_64-grub2-uefi-preview'],
      [image.imageSha256, '0'.repeat(64)],
      [/consented=1/, 'consented=0'],
    ] as const) {
      writeFileSync(join(cwd, 'other-consent.txt'), text.replace(from, to));
      const other = { ...image, consent: 'other-consent.txt' };
      await expect(captureImage(cwd, other, { outputDir: 'none' })).rejects.toMatchObject({ kind: 'data' });
    }
    nothingIn('none');
  });

  it('a capture of another profile, or of an image that is not its manifest’s, runs nothing', async () => {
    const other = { ...image, profile: 'x86_64-grub2-uefi-preview' } as const;
    await expect(planImage(cwd, other)).rejects.toMatchObject({ code: 'bad-image', kind: 'data' });
    const folder = join(cwd, dirname(image.manifest));
    const name = `${PROFILE}-grub.cfg`;
    const good = readFileSync(join(folder, name));
    writeFileSync(join(folder, name), 'halt\n');
    await expect(planImage(cwd, image)).rejects.toMatchObject({
      code: 'mismatch',
      message: expect.stringContaining('grub_config_sha256: mismatch: '),
    });
    writeFileSync(join(folder, name), good);
    await expect(planImage(cwd, image)).resolves.toMatchObject({ profile: profileNamed(PROFILE) });
  });

  it('a capture of an image whose signature or initramfs is none runs nothing', async () => {
    const text = readFileSync(join(cwd, image.manifest), 'utf8');
    const kernel = /^kernel_image_path=(.*)$/m.exec(text)?.[1] ?? expect.fail();
    const digest = /^kernel_image_sha256=(.*)$/m.exec(text)?.[1] ?? expect.fail();
    const record = (name: string, none: string) =>
      text
        .replace(`${name}_path=${none}`, `${name}_path=${kernel}`)
        .replace(`${name}_sha256=none`, `${name}_sha256=${digest}`);
    try {
      for (const [name, none, expected] of [
        ['signature', 'unsigned-local', 'a signature'],
        ['initramfs', 'none', 'an initramfs'],
      ] as const) {
        writeFileSync(join(cwd, image.manifest), record(name, none));
        await expect(planImage(cwd, image)).rejects.toMatchObject({
          code: 'bad-image',
          kind: 'data',
          message: expect.stringMatching(
            `${name}_path: bad-image: found an ELF program, expected ${expected}`,
          ),
        });
      }
    } finally {
      writeFileSync(join(cwd, image.manifest), text);
    }
    nothingIn('evidence');
  });

  it('a capture needs the firmware to be there', async () => {
    const roots = { descriptorFolders: [], uefiPairs: [], seaBios: [] };
    await expect(planImage(cwd, image, { roots })).rejects.toMatchObject({
      code: 'firmware-missing',
      kind: 'tool-missing',
    });
  });

  it('a plan says what the capture would run, and writes nothing', async () => {
    const argv = parseCommand(captureCommand(await planImage(cwd, image, { outputDir: 'dry' })));
    expect(basename(argv[0] ?? '')).toBe('qemu-system-x86_64');
    expect(argv.join(' ')).toContain('-nic none');
    expect(argv.filter((word) => word.includes('readonly=on'))).toEqual([
      `if=none,id=boot,format=raw,readonly=on,file=${join(cwd, 'dry', PROFILE, 'image', `${PROFILE}.raw`)}`,
    ]);
    nothingIn('dry');
  });

  it('a boot that does not end in time leaves logs and no record', async () => {
    await expect(captureImage(cwd, image, { outputDir: 'failed', timeoutMs: 1 })).rejects.toMatchObject({
      kind: 'unfulfilled',
    });
    expect(readdirSync(join(cwd, 'failed'))).toEqual([PROFILE]);
    expect(readdirSync(join(cwd, 'failed', PROFILE)).sort()).toEqual([
      'image',
      'qemu-argv.txt',
      'qemu.log',
      'serial.log',
    ]);
  });

  it('a folder that cannot be looked into is not taken for an empty one', async () => {
    const folder = join(cwd, 'loop');
    symlinkSync('loop', folder);
    await expect(captureImage(cwd, image, { outputDir: folder })).rejects.toMatchObject({
      code: 'unreadable',
      message: expect.stringContaining('too many symbolic links'),
    });
  });

  it('a capture puts no record beside what is left of another boot', async () => {
    for (const name of [PROFILE, `${PROFILE}-evidence.txt`]) {
      const folder = mkdtempSync(join(cwd, 'used-'));
      mkdirSync(join(folder, name));
      await expect(captureImage(cwd, image, { outputDir: folder })).rejects.toMatchObject({
        code: 'exists',
        kind: 'cannot-create',
      });
      expect(readdirSync(folder)).toEqual([name]);
    }
  });

  it('a capture follows no link out of the folder of the manifest', async () => {
    const folder = mkdtempSync(join(cwd, 'linked-'));
    for (const name of readdirSync(join(cwd, dirname(image.manifest)))) {
      symlinkSync(join(cwd, dirname(image.manifest), name), join(folder, name));
    }
    const linked = { ...image, manifest: join(folder, basename(image.manifest)) };
    await expect(planImage(cwd, linked)).rejects.toMatchObject({ code: 'path-escape', kind: 'data' });
  });

  it('a boot whose record would not be valid leaves no record', async () => {
    const plan = await planImage(cwd, image, { outputDir: 'unsound' });
    const preflight = { title: 'ANOTHER REPORT', fields: [], sections: [] };
    const { bytes: fixture } = await bootPreviewFixture.load(undefined, cwd);
    await expect(captureEvidence(plan, { fixture, preflight })).rejects.toMatchObject({
      code: 'record',
      message: expect.stringContaining('found ANOTHER REPORT'),
    });
    expect(readdirSync(join(cwd, 'unsound'))).toEqual([PROFILE]);
  });
});
