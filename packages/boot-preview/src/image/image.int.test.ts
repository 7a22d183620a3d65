// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSbom, checkSbomFiles } from '@latticra/sbom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../../../tools/testing/tools.js';
import { CAPTURE_TOOLS } from '../../test/captures.js';
import {
  buildProfileImage,
  type ImageBuild,
  loadBootArtifactManifest,
  type ProfileName,
  validateBootArtifacts,
} from '../index.js';

const PROFILE = 'x86_64-grub2-bios-preview';

describeWith(CAPTURE_TOOLS, 'the image of a profile', () => {
  let cwd = '';
  let build: ImageBuild;
  const make = (profile: ProfileName, outputDir: string, more: { buildId?: string; kernel?: string } = {}) =>
    buildProfileImage({ profile, outputDir, epoch: 1_700_000_000, toolVersion: '0', ...more }, { cwd });
  const sums = (folder: string) =>
    Object.fromEntries(
      readdirSync(join(cwd, folder))
        .sort()
        .map((name) => [
          name,
          createHash('sha256')
            .update(readFileSync(join(cwd, folder, name)))
            .digest('hex'),
        ]),
    );
  const validate = async (folder: string) =>
    validateBootArtifacts(
      await loadBootArtifactManifest(`${PROFILE}-boot-artifact-manifest.txt`, join(cwd, folder)),
    );

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'image-'));
    build = await make(PROFILE, 'one', { buildId: 'pinned.1' });
  }, 120_000);
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  it('an image is the same bytes for one build id, with all that lies beside it', async () => {
    await make(PROFILE, 'deeper/two', { buildId: 'pinned.1' });
    expect(sums('deeper/two')).toEqual(sums('one'));
    expect(build.buildId).toBe('pinned.1');
  }, 60_000);

  it('an image is of a build of its own where no build id was given', async () => {
    const fresh = await make(PROFILE, 'fresh', { kernel: join('one', build.kernel.path) });
    expect(fresh.buildId).toMatch(/^preview-[0-9a-f]{32}$/);
    expect(fresh.image.sha256).not.toBe(build.image.sha256);
  }, 60_000);

  it('the SBOM of an image lists all of it, and GRUB with version, licence and purl', async () => {
    const text = readFileSync(join(cwd, 'one', build.sbom.path));
    const check = await checkSbomFiles(text, ({ fileName }) => join(cwd, 'one', fileName));
    expect(check).toMatchObject({ valid: true, findings: [], unmeasured: [] });
    const names = (check.document?.files ?? []).map(({ fileName }) => fileName.slice(2));
    expect(
      readdirSync(join(cwd, 'one'))
        .filter((name) => !names.includes(name))
        .sort(),
    ).toEqual([build.manifest.path, build.sbom.path]);
    expect(check.document?.packages).toContainEqual(
      expect.objectContaining({
        name: 'grub',
        versionInfo: build.grubVersion,
        licenseDeclared: 'GPL-3.0-or-later',
        externalRefs: [
          expect.objectContaining({
            referenceLocator: expect.stringMatching(/^pkg:[a-z]+\/.*grub2?@/),
          }),
        ],
      }),
    );
  });

  it("the SBOM says of somebody else's kernel only that it is there", async () => {
    const kernel = Buffer.from(readFileSync(join(cwd, 'one', build.kernel.path)));
    // A byte of the code behind the ELF header: it still loads, and is no longer what the sources assemble to.
    const at = kernel.length - 1;
    kernel.writeUInt8(kernel.readUInt8(at) ^ 1, at);
    writeFileSync(join(cwd, 'other-kernel.elf'), kernel);
    const other = await make(PROFILE, 'other', { kernel: 'other-kernel.elf' });
    const names = (folder: string, { sbom }: ImageBuild) =>
      checkSbom(readFileSync(join(cwd, folder, sbom.path))).document?.packages?.map(({ name }) => name);
    expect(names('one', build)).toEqual([PROFILE, 'grub', 'latticra-boot-seed']);
    expect(names('other', other)).toEqual([PROFILE, 'grub']);
  });

  it('an image goes only into a folder of its own, and a build that fails leaves nothing', async () => {
    await expect(make(PROFILE, 'one')).rejects.toMatchObject({ code: 'exists', kind: 'cannot-create' });
    await expect(make(PROFILE, 'bad', { buildId: 'no spaces' })).rejects.toMatchObject({
      code: 'bad-build-id',
      kind: 'usage',
    });
    await expect(
      buildProfileImage(
        { profile: PROFILE, outputDir: 'bad', epoch: 0, toolVersion: '0' },
        { cwd, env: { PATH: '' } },
      ),
    ).rejects.toMatchObject({ code: 'program-missing', kind: 'tool-missing' });
    expect(readdirSync(cwd)).not.toContain('bad');
  });

  describe('the manifest of an image', () => {
    const manifest = () => readFileSync(join(cwd, 'one', build.manifest.path), 'utf8');
    /** Copies the image and its files, with files replaced and their digests in the manifest; returns the folder. */
    const changed = (
      change: (text: string, put: (field: string, content: string | Uint8Array) => string) => string,
    ) => {
      const folder = mkdtempSync(join(cwd, 'changed-'));
      for (const name of readdirSync(join(cwd, 'one'))) {
        if (name !== build.manifest.path) copyFileSync(join(cwd, 'one', name), join(folder, name));
      }
      let text = manifest();
      const put = (field: string, content: string | Uint8Array) => {
        const name = new RegExp(`^${field}_path=(.*)$`, 'm').exec(text)?.[1] ?? '';
        rmSync(join(folder, name));
        writeFileSync(join(folder, name), content);
        const sha256 = createHash('sha256').update(content).digest('hex');
        text = text.replace(new RegExp(`^${field}_sha256=.*$`, 'm'), `${field}_sha256=sha256:${sha256}`);
        return text;
      };
      writeFileSync(join(folder, build.manifest.path), change(text, put));
      return folder.slice(cwd.length + 1);
    };

    it('the manifest of an image holds', async () => {
      expect(await validate('one')).toMatchObject({ buildId: 'pinned.1', profile: { name: PROFILE } });
    });

    const lie = (from: RegExp, to: string) => (text: string) => text.replace(from, to);
    const other: [string, string, string, Parameters<typeof changed>[0]][] = [
      ['declares another partition', 'bad-image', 'bios_boot', lie(/(bios_boot_.*)=1/, '$1=0')],
      ['declares a partition too many', 'bad-image', 'efi_system', lie(/(efi_system_.*)=0/, '$1=1')],
      ['declares another format', 'bad-image', 'artifact_format', lie(/format=raw/, 'format=iso')],
      ['declares another scheme', 'bad-image', 'partition_scheme', lie(/scheme=gpt/, 'scheme=none')],
      [
        'is for no profile',
        'bad-image',
        'target_bootloader',
        lie(/bootloader=grub2-bios/, 'bootloader=grub2-uefi'),
      ],
      [
        'passes a BIOS disk off as one for UEFI',
        'bad-image',
        'artifact_path',
        (text) =>
          text
            .replace('firmware=seabios', 'firmware=uefi')
            .replace('bootloader=grub2-bios', 'bootloader=grub2-uefi')
            .replace(/(bios_boot_.*)=1/, '$1=0')
            .replace(/(efi_system_.*)=0/, '$1=1'),
      ],
      ['names another build', 'mismatch', 'artifact_id', lie(/pinned\.1/, 'pinned.2')],
      [
        'is beside another kernel',
        'mismatch',
        'kernel_image_sha256',
        (_, put) => put('kernel_image', 'kernel'),
      ],
      [
        'is beside another grub.cfg',
        'mismatch',
        'grub_config_sha256',
        (_, put) => put('grub_config', 'halt\n'),
      ],
      [
        'is beside an image of zeros',
        'mismatch',
        'artifact_sha256',
        (_, put) => put('artifact', new Uint8Array(1 << 20)),
      ],
      ['is beside an SBOM of something else', 'mismatch', 'sbom_path', (_, put) => put('sbom', '{}')],
    ];
    it.each(other)('a manifest that %s is refused', async (_, code, field, change) => {
      await expect(validate(changed(change))).rejects.toMatchObject({
        code,
        kind: 'data',
        message: expect.stringMatching(new RegExp(`: ${field}\\w*: ${code}: `)),
      });
    });

    it('a manifest that names a file that is not there is refused', async () => {
      const folder = changed((text) => text);
      rmSync(join(cwd, folder, `${PROFILE}-rollback.txt`));
      await expect(validate(folder)).rejects.toMatchObject({ code: 'not-found', kind: 'input-missing' });
      mkdirSync(join(cwd, folder, `${PROFILE}-rollback.txt`));
      await expect(validate(folder)).rejects.toMatchObject({ code: 'not-regular', kind: 'data' });
    });
  });
});
