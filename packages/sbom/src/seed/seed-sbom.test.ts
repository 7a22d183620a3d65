// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatSbom } from '../build/format.js';
import { checkSbom } from '../check/check.js';
import { sbomLists } from '../check/lists.js';
import { SEED_ARTIFACTS, type SeedArtifact } from './artifact.js';
import { type SeedSbomInput, seedSbom } from './seed-sbom.js';

const digest = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');
const measured = (path: string) => ({
  path,
  size: Buffer.byteLength(path),
  sha1: digest('sha1', path),
  sha256: digest('sha256', path),
  problem: undefined,
});
const input: SeedSbomInput = {
  artifacts: {
    iso: measured('/out/seed.iso'),
    vmImage: measured('/out/seed.qcow2'),
    kernel: measured('/out/seed.elf'),
    efiBootloader: measured('/out/BOOTX64.EFI'),
    espRaw: measured('/out/esp.raw'),
  },
  artifactVersion: 'local candidate/1',
  sourceCommit: '0123abc',
  created: '1970-01-01T00:00:00Z',
  tool: { name: 'latticra-boot-seed-sbom-generate', version: '1.2.3' },
  sources: [
    { name: 'kernel.S', content: '# SPDX-License-Identifier: Apache-2.0\n' },
    { name: 'boot_sector.S', content: '/* SPDX-License-Identifier: Apache-2.0 */\n' },
  ],
  fromSources: ['kernel', 'efiBootloader'],
  contents: [{ image: 'iso', content: 'kernel' }],
  grub: [],
};
const relations = (changed: Partial<SeedSbomInput>) =>
  (seedSbom({ ...input, ...changed }).relationships ?? []).map(
    ({ spdxElementId, relationshipType, relatedSpdxElement }) =>
      `${spdxElementId} ${relationshipType} ${relatedSpdxElement}`.replaceAll('SPDXRef-', ''),
  );

describe('seedSbom', () => {
  it('every artifact is listed by its digest, and the document conforms', () => {
    const check = checkSbom(formatSbom(seedSbom(input)));
    expect(check.findings).toEqual([]);
    for (const artifact of SEED_ARTIFACTS) {
      expect(check.document && sbomLists(check.document, input.artifacts[artifact].sha256)).toBe(true);
    }
    expect(check.document?.creationInfo.creators).toEqual(['Tool: latticra-boot-seed-sbom-generate-1.2.3']);
    expect(check.document?.packages?.map(({ licenseDeclared }) => licenseDeclared)).toEqual([
      'Apache-2.0',
      'Apache-2.0',
    ]);
    expect(check.document?.packages?.[0]?.externalRefs?.[0]?.referenceLocator).toBe(
      'pkg:generic/latticra-boot-seed@local%20candidate%2F1',
    );
  });

  it('artifacts that were found to be related are related in the document', () => {
    expect(relations({})).toEqual(
      expect.arrayContaining([
        'DOCUMENT DESCRIBES Package-latticra-boot-seed',
        'Package-latticra-boot-seed CONTAINS File-esp-raw',
        'Package-latticra-boot-seed-source CONTAINS Source-boot-sector.S',
        'File-iso CONTAINS File-kernel',
        'File-kernel GENERATED_FROM Package-latticra-boot-seed-source',
        'File-efi-bootloader GENERATED_FROM Package-latticra-boot-seed-source',
      ]),
    );
  });

  it('no origin and no licence are claimed for a kernel that is not ours', () => {
    const fromSources: SeedArtifact[] = ['efiBootloader'];
    expect(relations({ fromSources }).filter((line) => line.includes('GENERATED_FROM'))).toEqual([
      'File-efi-bootloader GENERATED_FROM Package-latticra-boot-seed-source',
    ]);
    expect(seedSbom({ ...input, fromSources }).packages?.[0]?.licenseDeclared).toBe('NOASSERTION');
    expect(seedSbom({ ...input, fromSources: [] }).packages).toHaveLength(1);
  });

  it('no licence is declared for sources that do not all say the same', () => {
    const document = seedSbom({
      ...input,
      sources: [...input.sources, { name: 'other.S', content: '# no word\n' }],
    });
    expect(document.packages?.map(({ licenseDeclared }) => licenseDeclared)).toEqual([
      'NOASSERTION',
      'NOASSERTION',
    ]);
    expect(document.packages?.[1]?.licenseInfoFromFiles).toEqual(['Apache-2.0', 'NOASSERTION']);
  });

  it('GRUB is listed where it was recognized, once for each version', () => {
    const version = '2.06-13+deb12u1';
    const grub = (['efiBootloader', 'iso', 'espRaw'] as const).map((artifact) => ({ artifact, version }));
    const changed = { grub: [...grub, { artifact: 'vmImage', version: '2.12' } as const] };
    const { findings, document } = checkSbom(formatSbom(seedSbom({ ...input, ...changed })));
    expect(findings).toEqual([]);
    const packages = document?.packages?.filter(({ name }) => name === 'grub');
    expect(packages?.map(({ versionInfo }) => versionInfo)).toEqual([version, '2.12']);
    expect(packages?.map(({ externalRefs }) => externalRefs?.[0]?.referenceLocator)).toEqual([
      'pkg:deb/debian/grub2@2.06-13%2Bdeb12u1',
      'pkg:generic/grub@2.12',
    ]);
    expect(relations(changed)).toEqual(
      expect.arrayContaining([
        'File-efi-bootloader GENERATED_FROM Package-grub-2.06-13-deb12u1',
        'File-iso CONTAINS Package-grub-2.06-13-deb12u1',
        'File-vm-image CONTAINS Package-grub-2.12',
      ]),
    );
  });

  it('two artifacts of one name, and an invalid time, are refused', () => {
    const artifacts = { ...input.artifacts, espRaw: measured('/elsewhere/seed.iso') };
    expect(() => seedSbom({ ...input, artifacts })).toThrow(
      expect.objectContaining({ code: 'doubled-name' }),
    );
    expect(() => seedSbom({ ...input, created: 'yesterday' })).toThrow(
      expect.objectContaining({ code: 'not-conforming' }),
    );
  });
});
