// SPDX-License-Identifier: Apache-2.0

import { createHash } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { formatDocument, parseDocument } from '@latticra/evidence-format';
import { type FilePlace, pathOf } from '@latticra/held-files';
import { buildSbom, formatSbom } from '@latticra/sbom';
import { describe, expect, it } from 'vitest';
import {
  BOOT_ISO as ISO,
  QCOW2_DISK as QCOW2,
  RAW_DISK,
  SIGNATURE,
} from '../../../../tools/testing/images.js';
import { testFolder } from '../../test/folder.js';
import {
  type ArtifactManifest,
  artifactManifest,
  fixtureValidationDocument,
  inspectFile,
  loadArtifactManifest,
  measureArtifacts,
  releaseFixture,
  surveyArtifacts,
  validateArtifacts,
  validationDocument,
} from '../index.js';

const folder = testFolder();
const hash = (algorithm: string, content: Uint8Array) => createHash(algorithm).update(content).digest('hex');

/** Writes an SPDX document that lists these files. */
const sbomOf = (...contents: Uint8Array[]) =>
  formatSbom(
    buildSbom({
      name: 'test',
      created: '2026-01-01T00:00:00Z',
      tool: { name: 'test', version: '1' },
      describes: ['package'],
      packages: [
        {
          id: 'package',
          name: 'test',
          files: contents.map((content, index) => ({
            id: `file-${index}`,
            name: `./file-${index}`,
            sha1: hash('sha1', content),
            sha256: hash('sha256', content),
            size: content.length,
            types: ['BINARY'],
          })),
        },
      ],
    }),
  );

const GOOD = {
  artifactVersion: '1.0',
  sourceCommit: '0123abc',
  sourceTag: 'none',
  buildEnvironment: 'test',
  iso: {
    path: 'a.iso',
    sha256: hash('sha256', ISO),
    signaturePath: 'unsigned-local',
    sbomPath: 'sbom.spdx.json',
  },
  vmImage: {
    path: 'images/b.qcow2',
    format: 'qcow2',
    sha256: hash('sha256', QCOW2),
    signaturePath: 'b.sig',
    sbomPath: 'sbom.spdx.json',
  },
  operatorRecoveryPath: 'recovery.md',
} as const satisfies ArtifactManifest;

/** Writes the files that GOOD names, the manifest beside them, and validates that from another folder. */
async function validate(manifest: ArtifactManifest, change: () => void = () => undefined) {
  folder.write('set/a.iso', ISO);
  folder.write('set/images/b.qcow2', QCOW2);
  folder.write('set/b.sig', SIGNATURE);
  folder.write('set/sbom.spdx.json', sbomOf(ISO, QCOW2));
  folder.write('set/recovery.md', '# Recovery\n');
  folder.write('set/manifest.txt', artifactManifest.format(manifest));
  change();
  return validateArtifacts(await loadArtifactManifest('set/manifest.txt', folder.path));
}
const report = async (manifest: ArtifactManifest, change?: () => void) => {
  const text = formatDocument(validationDocument('fixture.toml', await validate(manifest, change)));
  return { text, ...Object.fromEntries(parseDocument(text).fields.map(({ key, value }) => [key, value])) };
};

describe('a set that is complete', () => {
  it('a complete set is ready for review, with every key of the contract in its place', async () => {
    const { text } = await report(GOOD);
    expect(text).toBe(`LATTICRA OS IMAGE ARTIFACT MANIFEST VALIDATION
validation_status=ok
latticra_os_image_artifact_manifest_validation_present=1
validation_mode=no-effect-artifact-manifest-candidate-check
validation_decision=metadata-consistency-only-no-readiness-promotion
manifest_path=fixture.toml
artifact_manifest_path=set/manifest.txt
artifact_manifest_candidate_supplied=1
artifact_manifest_metadata_consistent=1
artifact_manifest_ready_for_operator_review=1
iso_artifact_present=1
iso_checksum_verified_by_validator=1
iso_resolved_path=${folder.at('set/a.iso')}
vm_image_artifact_present=1
vm_image_checksum_verified_by_validator=1
vm_image_resolved_path=${folder.at('set/images/b.qcow2')}
iso_sbom_valid=1
vm_sbom_valid=1
iso_signature_status=unsigned-local
vm_signature_status=present-unverified
operator_recovery_path_present=1
usb_write_execution_allowed=0
qemu_execution_allowed_by_guard=0
hardware_install_ready=0
full_os_install_ready=0
bootable_os_ready=0
production_os_claim=0
host_mutation_performed=0
hardware_install_set_complete=1
vm_test_set_complete=1

[iso]
format=iso9660
volume_id=LATTICRA
size_bytes=${ISO.length}
partition_table=gpt
starts_bios_cd=1
starts_bios_usb=1
starts_uefi_cd=1
starts_uefi_usb=1
loader_count=1
loader_01=x86_64 unsigned EFI/BOOT/BOOTX64.EFI
unread_count=0

[vm_image]
format=qcow2
virtual_size_bytes=${RAW_DISK.length}
partition_table=gpt
starts_bios_usb=1
starts_bios_disk=1
starts_uefi_usb=1
starts_uefi_disk=1
loader_count=1
loader_01=x86_64 unsigned EFI/BOOT/BOOTX64.EFI
unread_count=0
`);
  });

  it.each<[string, ArtifactManifest, Record<string, string>]>([
    [
      'an ISO alone',
      { ...GOOD, vmImage: undefined },
      { hardware_install_set_complete: '1', vm_test_set_complete: '0', vm_image_artifact_present: '0' },
    ],
    [
      'a VM image alone',
      { ...GOOD, iso: undefined },
      { hardware_install_set_complete: '0', vm_test_set_complete: '1', iso_artifact_present: '0' },
    ],
  ])('a release of %s is ready for review', async (_, manifest, expected) => {
    const found = await report(manifest);
    expect(found).toMatchObject({ ...expected, artifact_manifest_ready_for_operator_review: '1' });
    expect(found.text).not.toContain('missing_for');
  });

  it('the validation of a complete set says where everything is', async () => {
    expect(await validate(GOOD)).toMatchObject({
      iso: { resolvedPath: folder.at('set/a.iso'), sbom: { path: folder.at('set/sbom.spdx.json') } },
      vmImage: { signature: { path: folder.at('set/b.sig') }, sbomProblem: undefined },
      recovery: { path: folder.at('set/recovery.md') },
      missingForReview: [],
    });
  });
});

describe('a set that is consistent but not ready', () => {
  const { iso, vmImage } = GOOD;
  it.each<[string, ArtifactManifest, Record<string, string>, RegExp]>([
    [
      'neither image',
      { ...GOOD, iso: undefined, vmImage: undefined },
      { iso_artifact_present: '0', iso_checksum_verified_by_validator: '0', iso_signature_status: 'none' },
      /records neither an ISO nor a VM image/,
    ],
    [
      'an ISO that is not signed, nor declared so',
      { ...GOOD, iso: { ...iso, signaturePath: 'none' } },
      { iso_signature_status: 'none', iso_sbom_valid: '1' },
      /ISO: no signature, and not declared unsigned-local/,
    ],
    [
      'a VM image without an SBOM',
      { ...GOOD, vmImage: { ...vmImage, sbomPath: 'none' } },
      { vm_sbom_valid: '0', iso_sbom_valid: '1' },
      /SBOM of the VM image: there is none/,
    ],
    [
      'no recovery path',
      { ...GOOD, operatorRecoveryPath: 'none' },
      { operator_recovery_path_present: '0' },
      /no operator recovery path/,
    ],
  ])('a set that has %s is consistent, and not ready for review', async (_, manifest, expected, reason) => {
    const found = await report(manifest);
    expect(found).toMatchObject({
      ...expected,
      artifact_manifest_metadata_consistent: '1',
      artifact_manifest_ready_for_operator_review: '0',
    });
    expect(found.text).toMatch(reason);
    expect('iso_resolved_path' in found).toBe(manifest.iso !== undefined);
  });

  it('the validation lists everything that is missing', async () => {
    const nothing = { ...GOOD, iso: undefined, vmImage: undefined, operatorRecoveryPath: 'none' };
    expect((await validate(nothing)).missingForReview).toHaveLength(2);
  });

  it('the validation shows all that is wrong with an SBOM, errors apart from advice', async () => {
    const bad = sbomOf(ISO, QCOW2)
      .replace('SPDX-2.3', 'SPDX-2.2')
      .replace('CC0-1.0', 'MIT')
      .replace('./file-0', 'file-0');
    const { text } = await report(GOOD, () => writeFileSync(folder.at('set/sbom.spdx.json'), bad));
    for (const name of ['iso', 'vm']) {
      expect(text).toMatch(
        new RegExp(`\\n\\[${name}_sbom_findings\\]\\nerror_01=clause 6[^\\n]+\\nerror_02=clause 6[^\\n]+\\n`),
      );
    }
  });

  it('an address counts as a recovery path, and nothing is fetched', async () => {
    const found = await report({ ...GOOD, operatorRecoveryPath: 'https://127.0.0.1:1/recovery' });
    expect(found).toMatchObject({
      operator_recovery_path_present: '1',
      artifact_manifest_ready_for_operator_review: '1',
    });
  });

  it.each([
    ['lists only the other image', () => sbomOf(ISO), /does not list sha256:/],
    ['is no JSON', () => 'hello', /SBOM of the VM image: sbom.spdx.json: clause JSON/],
    ['is empty', () => '', /clause JSON/],
    ['breaks the schema', () => '{}', /SBOM of the VM image: sbom.spdx.json: clause /],
    ['is of an older version', () => sbomOf(ISO, QCOW2).replace('SPDX-2.3', 'SPDX-2.2'), /clause 6.1/],
    [
      'has members that would break the line',
      () => sbomOf(ISO, QCOW2).replace('{', '{"a\\nbootable_os_ready=1\\u009b\\u2028": 1,'),
      /SBOM of the VM image: /,
    ],
    [
      'has members that are longer than a line',
      () => sbomOf(ISO, QCOW2).replace('{', `{"${'😀'.repeat(5000)}": 1,`),
      /SBOM of the VM image: /,
    ],
  ])('an SBOM that %s does not count', async (_, content, reason) => {
    const found = await report(GOOD, () => writeFileSync(folder.at('set/sbom.spdx.json'), content()));
    expect(found).toMatchObject({ vm_sbom_valid: '0', artifact_manifest_ready_for_operator_review: '0' });
    expect(found.text).toMatch(reason);
  });
});

describe('a set that is not what its manifest says', () => {
  const failure = (code: string, kind: string, text: string) =>
    expect.objectContaining({ code, kind, message: expect.stringContaining(text) });

  it.each(['a.iso', 'images/b.qcow2'])('one flipped bit in %s is refused', async (name) => {
    const run = validate(GOOD, () => {
      const bytes = Buffer.from(name === 'a.iso' ? ISO : QCOW2);
      bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
      writeFileSync(folder.at(`set/${name}`), bytes);
    });
    await expect(run).rejects.toThrow(
      failure('mismatch', 'data', `${folder.at(`set/${name}`)}: expected sha256:`),
    );
  });

  it('a recorded digest with another last digit is refused', async () => {
    const { sha256 } = GOOD.iso;
    const last = sha256.endsWith('0') ? '1' : '0';
    const manifest = { ...GOOD, iso: { ...GOOD.iso, sha256: sha256.slice(0, -1) + last } };
    await expect(validate(manifest)).rejects.toThrow(failure('mismatch', 'data', `found sha256:${sha256}`));
  });

  it.each(['a.iso', 'images/b.qcow2', 'b.sig', 'sbom.spdx.json', 'recovery.md'])(
    'a set in which %s is missing, or is a folder, is refused',
    async (name) => {
      const path = folder.at(`set/${name}`);
      await expect(validate(GOOD, () => rmSync(path))).rejects.toThrow(
        failure('not-found', 'input-missing', path),
      );
      const replace = () => {
        rmSync(path);
        mkdirSync(path);
      };
      await expect(validate(GOOD, replace)).rejects.toThrow(failure('not-regular', 'data', path));
    },
  );

  it('a raw image declared as qcow2 is refused, and a qcow2 image declared as raw', async () => {
    const asRaw = { ...GOOD, vmImage: { ...GOOD.vmImage, format: 'raw' as const } };
    await expect(validate(asRaw)).rejects.toThrow(failure('format', 'data', 'found a qcow2 image'));
    const asQcow2 = { ...GOOD, vmImage: { ...GOOD.vmImage, path: 'a.iso', sha256: GOOD.iso.sha256 } };
    await expect(validate(asQcow2)).rejects.toThrow(failure('format', 'data', 'found an ISO 9660 image'));
  });

  it.each([
    ['a.iso', 'html', '<html></html>', 'found an HTML page'],
    ['images/b.qcow2', 'text', 'x', 'found text, expected a qcow2 image'],
    ['b.sig', 'nothing', '', 'b.sig: found an empty file, expected a signature'],
    ['recovery.md', 'nothing', '', 'recovery.md: found an empty file, expected text'],
  ])('a set whose %s is %s is refused by what was found', async (name, _, content, reason) => {
    const sha256 = hash('sha256', Buffer.from(content));
    const manifest = {
      ...GOOD,
      iso: { ...GOOD.iso, ...(name === 'a.iso' && { sha256 }) },
      vmImage: { ...GOOD.vmImage, ...(name.startsWith('images') && { sha256 }) },
    };
    const run = validate(manifest, () => writeFileSync(folder.at(`set/${name}`), content));
    await expect(run).rejects.toThrow(failure('format', 'data', reason));
  });

  it('a qcow2 image that needs another file is refused by name', async () => {
    const bytes = Buffer.from(QCOW2);
    // The backing file name goes where the header says: after the header extensions of the first cluster.
    bytes.writeBigUInt64BE(1024n, 8);
    bytes.writeUInt32BE(8, 16);
    bytes.write('base.img', 1024, 'latin1');
    const vmImage = { ...GOOD.vmImage, sha256: hash('sha256', bytes) };
    const run = validate({ ...GOOD, vmImage }, () => writeFileSync(folder.at('set/images/b.qcow2'), bytes));
    await expect(run).rejects.toThrow(failure('format', 'data', 'backing file'));
  });

  it('a runbook at an address that is not https is refused', async () => {
    const run = validate({ ...GOOD, operatorRecoveryPath: 'http://example.org/x' });
    await expect(run).rejects.toThrow(failure('manifest', 'data', 'https URL'));
  });

  const OUTSIDE = { code: 'outside', kind: 'data', fix: expect.stringContaining('--allow-outside') };

  it.each<[string, (path: string) => ArtifactManifest]>([
    ['an ISO', (path) => ({ ...GOOD, iso: { ...GOOD.iso, path } })],
    ['a VM image', (path) => ({ ...GOOD, vmImage: { ...GOOD.vmImage, path } })],
    ['a signature', (path) => ({ ...GOOD, iso: { ...GOOD.iso, signaturePath: path } })],
    ['an SBOM', (path) => ({ ...GOOD, iso: { ...GOOD.iso, sbomPath: path } })],
    ['a runbook', (path) => ({ ...GOOD, operatorRecoveryPath: path })],
  ])('%s that lies outside of the folder of the manifest is refused', async (_, manifest) => {
    folder.write('outside', ISO);
    for (const path of ['../outside', folder.at('outside'), 'images/../../outside', 'link', 'way/outside']) {
      const run = validate(manifest(path), () => {
        for (const [name, to] of [
          ['link', '../outside'],
          ['way', '..'],
        ] as const) {
          rmSync(folder.at(`set/${name}`), { force: true });
          symlinkSync(to, folder.at(`set/${name}`));
        }
      });
      await expect(run, path).rejects.toMatchObject(OUTSIDE);
    }
  });

  it('a file outside is taken where that is allowed, and an absolute path that leads inside always', async () => {
    folder.write('outside.iso', ISO);
    const outside = { ...GOOD, iso: { ...GOOD.iso, path: '../outside.iso' } };
    await expect(validate(outside)).rejects.toMatchObject(OUTSIDE);
    const loaded = await loadArtifactManifest('set/manifest.txt', folder.path);
    expect((await validateArtifacts(loaded, { allowOutside: true })).missingForReview).toEqual([]);
    const inside = { ...GOOD, iso: { ...GOOD.iso, path: folder.at('set/a.iso') } };
    expect((await validate(inside)).missingForReview).toEqual([]);
    symlinkSync('set', folder.at('alias'));
    const through = await loadArtifactManifest('alias/manifest.txt', folder.path);
    expect((await validateArtifacts(through)).iso?.resolvedPath).toBe(folder.at('set/a.iso'));
  });

  it('the place of an image is decided where it is measured, and not before', async () => {
    await validate(GOOD);
    const survey = await surveyArtifacts(await loadArtifactManifest('set/manifest.txt', folder.path));
    renameSync(folder.at('set/images'), folder.at('elsewhere'));
    symlinkSync('../elsewhere', folder.at('set/images'));
    await expect(measureArtifacts(survey)).rejects.toMatchObject(OUTSIDE);
  });

  it('a file of which cannot be told where it lies is refused', async () => {
    await validate(GOOD);
    symlinkSync('loop', folder.at('set/loop'));
    const looping = { ...GOOD, iso: { ...GOOD.iso, path: 'loop/a.iso' } };
    await expect(validate(looping)).rejects.toMatchObject({
      code: 'outside',
      message: expect.stringContaining('where it lies cannot be told (ELOOP)'),
    });
  });

  it('a manifest that is not there, or cannot be one, is refused', async () => {
    await expect(loadArtifactManifest('manifest.txt', folder.path)).rejects.toThrow(
      failure('not-found', 'input-missing', 'manifest.txt'),
    );
    folder.write('manifest.txt', 'x'.repeat(5 << 20));
    await expect(loadArtifactManifest('manifest.txt', folder.path)).rejects.toThrow(
      failure('too-large', 'data', 'manifest.txt'),
    );
    folder.write('manifest.txt', 'LATTICRA\n');
    await expect(loadArtifactManifest('manifest.txt', folder.path)).rejects.toThrow(
      failure('manifest', 'data', 'title: expected'),
    );
  });
});

describe('a measurement that the caller makes', () => {
  it('a measurement that the caller makes is compared like any other', async () => {
    await validate(GOOD);
    const loaded = await loadArtifactManifest('set/manifest.txt', folder.path);
    const measured: [string, string][] = [];
    const inspect = async (file: FilePlace, role: string) => {
      measured.push([pathOf(file), role]);
      return inspectFile(file);
    };
    expect((await validateArtifacts(loaded, { inspect })).missingForReview).toEqual([]);
    expect(measured).toEqual([
      [folder.at('set/a.iso'), 'iso'],
      [folder.at('set/images/b.qcow2'), 'vm-image'],
    ]);
    const lying = async (file: FilePlace) => {
      const { measurement, inspection } = await inspectFile(file);
      return { measurement: { ...measurement, sha256: '0'.repeat(64) }, inspection };
    };
    await expect(validateArtifacts(loaded, { inspect: lying })).rejects.toThrow(
      expect.objectContaining({ code: 'mismatch' }),
    );
  });

  it('the caller is asked for no measurement before the small files were checked', async () => {
    await validate(GOOD);
    const loaded = await loadArtifactManifest('set/manifest.txt', folder.path);
    rmSync(folder.at('set/recovery.md'));
    const inspect = () => expect.unreachable();
    await expect(validateArtifacts(loaded, { inspect })).rejects.toThrow('recovery.md');
  });
});

describe('a validation without a manifest', () => {
  it('a validation without a manifest reports that the fixture knows of no candidate', async () => {
    const { fixture } = await releaseFixture.load(undefined, folder.path);
    expect(formatDocument(fixtureValidationDocument('fixture.toml', fixture))).toBe(
      `LATTICRA OS IMAGE ARTIFACT MANIFEST VALIDATION
validation_status=ok
latticra_os_image_artifact_manifest_validation_present=1
validation_mode=no-effect-fixture-check
validation_decision=blocked-fixture-only-no-artifact-manifest-candidate
manifest_path=fixture.toml
artifact_manifest_candidate_supplied=0
artifact_manifest_candidate_present=0
artifact_manifest_ready_for_operator_review=0
iso_artifact_present=0
vm_image_artifact_present=0
usb_write_execution_allowed=0
qemu_execution_allowed_by_guard=0
hardware_install_ready=0
full_os_install_ready=0
bootable_os_ready=0
production_os_claim=0
host_mutation_performed=0
`,
    );
  });
});
