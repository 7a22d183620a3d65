// SPDX-License-Identifier: Apache-2.0
import { formatDocument, parseDocument } from '@latticra/evidence-format';
import { parseCommand } from '@latticra/shell-words';
import { surveyImageTools } from '@latticra/toolchain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { artifactManifest } from '../artifact/schema.js';
import { artifactManifestTemplateDocument } from '../artifact/template.js';
import { EXPECTED_RELEASE_FIXTURE } from '../fixture/release-expected.js';
import { buildPreflightDocument } from './build.js';
import type { BuildInputs } from './build-inputs.js';
import { toolchainPreflightDocument } from './toolchain.js';

const fixture = EXPECTED_RELEASE_FIXTURE;
const NOTHING = surveyImageTools({ PATH: '' }, { descriptorFolders: [], uefiPairs: [], seaBios: [] });
const EVERYTHING = {
  paths: Object.fromEntries(
    Object.keys(NOTHING.paths).map((tool) => [tool, `/bin/${tool}`]),
  ) as typeof NOTHING.paths,
  ovmf: '/fw/code.fd',
  seaBios: '/fw/bios.bin',
  missingForGrub: [],
  missingForImage: [],
};
const INPUTS: BuildInputs = {
  paths: { inputManifest: 'in.txt', kernel: 'k', initramfs: 'i', rootfs: 'r', outputDir: 'out' },
  present: { inputManifest: true, kernel: true, initramfs: true, rootfs: true, outputDir: false },
  manifestValid: true,
  missing: [],
};

const values = (block: { fields: readonly { key: string; value: string }[] } | undefined) =>
  Object.fromEntries((block?.fields ?? []).map(({ key, value }) => [key, value]));
const build = (inputs: BuildInputs, tools = EVERYTHING as typeof NOTHING) =>
  parseDocument(formatDocument(buildPreflightDocument('fixture.toml', fixture, inputs, tools)));

describe('toolchainPreflightDocument', () => {
  it('the toolchain is ready where everything is there', () => {
    const fields = values(toolchainPreflightDocument('fixture.toml', fixture, EVERYTHING));
    expect(fields).toMatchObject({ grub_toolchain_ready: '1', os_image_toolchain_ready: '1' });
    expect(fields).toMatchObject({
      grub_mkrescue_path: '/bin/grub_mkrescue',
      ovmf_firmware_path: '/fw/code.fd',
    });
  });

  it('the toolchain is not ready where nothing is there, and nothing is claimed either way', () => {
    const fields = values(toolchainPreflightDocument('fixture.toml', fixture, NOTHING));
    expect(fields).toMatchObject({ qemu_img_path: 'missing', seabios_firmware_path: 'missing' });
    const flags = Object.entries(fields).filter(([key]) => /_available$|_toolchain_ready$/.test(key));
    expect(flags.filter(([, value]) => value === '1')).toEqual([['embedded_toolchain_ready', '1']]);
    for (const tools of [NOTHING, EVERYTHING]) {
      const [section] = toolchainPreflightDocument('fixture.toml', fixture, tools).sections;
      expect(section?.name).toBe('non_effects');
      expect(section?.fields).toHaveLength(15);
      expect(section?.fields.every(({ value }) => value === '0')).toBe(true);
    }
  });
});

describe('buildPreflightDocument', () => {
  it('the build is ready when inputs and tools are, and then nothing is listed as missing', () => {
    const document = build(INPUTS);
    expect(values(document)).toMatchObject({ os_image_build_recipe_ready: '1', output_dir_present: '0' });
    expect(document.sections.map(({ name }) => name)).toEqual([
      'future_command_shapes',
      'left_out_of_recipe',
      'non_effects',
    ]);
    expect(values(document.sections[2])).toMatchObject({ os_image_build_execution_allowed: '0' });
  });

  it('the build is not ready when inputs or tools are not, and says why on one line each', () => {
    const bad = build({ ...INPUTS, manifestValid: false, missing: [`k: ${'x'.repeat(9000)}`] });
    expect(values(bad)).toMatchObject({ build_inputs_ready: '0', build_toolchain_ready: '1' });
    expect(values(bad)).toMatchObject({ os_image_build_recipe_ready: '0', input_bundle_manifest_valid: '0' });
    expect(bad.sections[0]?.fields[0]?.value).toMatch(/^k: x+…$/);
    const bare = build(INPUTS, NOTHING);
    expect(values(bare)).toMatchObject({ build_inputs_ready: '1', os_image_build_recipe_ready: '0' });
    expect(values(bare.sections[0]).missing_01).toBe('qemu-img: no such program on PATH');
    const noMtools = build(INPUTS, { ...EVERYTHING, paths: { ...EVERYTHING.paths, mformat: undefined } });
    expect(values(noMtools)).toMatchObject({ build_toolchain_ready: '1', os_image_build_recipe_ready: '0' });
    expect(values(noMtools.sections[0])).toEqual({ missing_01: 'mformat: no such program on PATH' });
  });

  it('any path is quoted so that a shell gives it back, and no program takes it for an option or a host', () => {
    const path = fc
      .stringMatching(/^[-:a-z' "$`\\;&|<>*?!#~=()[\]{}ü,.]{1,20}$/)
      .filter((text) => !/^\.*$/.test(text));
    fc.assert(
      fc.property(path, path, (rootfs, outputDir) => {
        const document = build({ ...INPUTS, paths: { ...INPUTS.paths, rootfs, outputDir } });
        const shapes = values(document.sections.find(({ name }) => name === 'future_command_shapes'));
        const [tar, option, source, , target = ''] = parseCommand(shapes.future_stage_rootfs_command ?? '');
        expect([tar, option]).toEqual(['tar', '-xf']);
        expect([rootfs, `./${rootfs}`]).toContain(source);
        expect(source).not.toMatch(/^-|^[^/]*:/);
        expect(target.replace(/^\.\//, '')).toBe(`${outputDir}/staging/rootfs`);
        expect(parseCommand(shapes.future_output_dir ?? '')).toEqual([outputDir]);
        expect(parseCommand(shapes.future_vm_image_create_command ?? '').at(-1)).toBe('16G');
        const sbom = parseCommand(shapes.future_linux_release_sbom_command ?? '');
        expect(sbom.slice(0, 3)).toEqual(['latticra-os-image-sbom', '--rootfs', source]);
        const built = parseCommand(shapes.future_linux_release_build_command ?? '').at(-1) ?? '';
        expect(built).not.toMatch(/^-|^[^/]*:/);
        expect(built.replace(/^\.\//, '')).toBe(`${outputDir}/linux-release`);
        expect(parseCommand(shapes.future_linux_release_validation_command ?? '')).toEqual([
          ...[
            'latticra-os-image-build-validate',
            '--build-record',
            `${built}/os-image-build.txt`,
            '--inputs',
          ],
        ]);
        const list = sbom.at(-1);
        expect(parseCommand(shapes.future_linux_release_sbom_check_command ?? '').slice(1)).toEqual([list]);
      }),
    );
  });
});

describe('artifactManifestTemplateDocument', () => {
  it('the template lists the fields of an artifact manifest, in its order', () => {
    const document = artifactManifestTemplateDocument('fixture.toml', fixture);
    const manifest = artifactManifest.document({
      artifactVersion: '1',
      sourceCommit: 'a',
      sourceTag: 'none',
      buildEnvironment: 'b',
      iso: undefined,
      vmImage: undefined,
      operatorRecoveryPath: 'none',
    });
    const [form, nonEffects] = document.sections;
    expect(form?.fields[0]).toEqual({ key: 'header', value: manifest.title });
    expect(form?.fields.slice(1).map(({ key }) => key)).toEqual(manifest.fields.map(({ key }) => key));
    for (const { key, value } of manifest.fields) {
      const placeholder = values(form)[key] ?? '';
      if (!placeholder.startsWith('<')) expect(placeholder).toBe(value);
      expect(placeholder.endsWith('-or-none>')).toBe(value === 'none');
    }
    expect(nonEffects?.name).toBe('non_effects');
    expect(values(document)).toMatchObject({
      template_decision: 'blocked-template-only-no-artifact-write',
      artifact_manifest_written: '0',
    });
  });
});

describe('the recipe of a build', () => {
  it.each(['os_image_build_recipe_contract_present', 'os_image_build_recipe_template_present'] as const)(
    'the recipe of a build is not ready for a fixture without %s',
    (key) => {
      const without = { ...fixture, readiness: { ...fixture.readiness, [key]: false } };
      const document = buildPreflightDocument('fixture.toml', without as typeof fixture, INPUTS, EVERYTHING);
      expect(values(document)).toMatchObject({ build_inputs_ready: '1', os_image_build_recipe_ready: '0' });
    },
  );
});
