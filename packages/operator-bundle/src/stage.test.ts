// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatDocument, parseChecksums, parseDocument } from '@latticra/evidence-format';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReleaseOptions, requestOf, writeRelease } from '../test/release.js';
import { defaultOutputDir } from './destination.js';
import { stageOperatorBundle } from './stage.js';
import { verifyOperatorBundle } from './verify.js';

const REPORT_KEYS = `bundle_status latticra_os_image_operator_bundle_generator_present bundle_mode
  artifact_manifest_path artifact_manifest_ready_for_operator_review bundle_dir artifact_version
  iso_artifact_path iso_sha256_path iso_sbom_path vm_image_path vm_image_format vm_sha256_path vm_sbom_path
  artifact_manifest_copy_path artifact_manifest_validation_path usb_write_linux_template_path
  usb_write_macos_template_path vm_test_command_template_path operator_recovery_reference_path
  operator_bundle_readme_path operator_bundle_ready_for_local_review usb_write_execution_allowed
  usb_write_executed qemu_execution_allowed_by_guard qemu_run_performed qemu_boot_execution_recorded
  hardware_install_ready full_os_install_ready bootable_os_ready production_os_claim
  host_mutation_performed`.split(/\s+/);

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'operator-bundle-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function stage(options: ReleaseOptions = {}, outputDir = 'out') {
  await writeRelease(join(cwd, 'release'), options);
  return stageOperatorBundle(requestOf('release/manifest.txt', outputDir), { cwd });
}

const text = (name: string, folder = 'out') => readFile(join(cwd, folder, name), 'utf8');
const fieldsOf = async (name: string) =>
  Object.fromEntries(parseDocument(await text(name)).fields.map(({ key, value }) => [key, value]));

describe('stageOperatorBundle', () => {
  it('reports what it staged, and stages what it reports', async () => {
    const report = await stage();
    expect(report.title).toBe('LATTICRA OS IMAGE OPERATOR BUNDLE');
    expect(report.fields.map(({ key }) => key)).toEqual(REPORT_KEYS);
    const values = Object.fromEntries(report.fields.map(({ key, value }) => [key, value]));
    expect(values).toMatchObject({
      artifact_manifest_path: 'release/manifest.txt',
      bundle_dir: 'out',
      artifact_version: '1.2.3',
      iso_artifact_path: 'out/os.iso',
      iso_sbom_path: 'out/sbom.spdx.json',
      vm_image_path: 'out/os.qcow2',
      vm_image_format: 'qcow2',
      vm_sbom_path: 'out/sbom.spdx.json',
      operator_bundle_ready_for_local_review: '1',
    });
    expect(await text('operator-bundle-report.txt')).toBe(formatDocument(report));
    for (const [key, path] of Object.entries(values)) {
      if (key.endsWith('_path')) await expect(readFile(join(cwd, path))).resolves.toBeDefined();
    }
  });

  it('has exactly the files it should', async () => {
    await stage();
    expect((await readdir(join(cwd, 'out'))).sort()).toEqual(
      [
        'README.txt',
        'SHA256SUMS',
        'artifact-manifest-validation.txt',
        'manifest.txt',
        'operator-bundle-report.txt',
        'operator-recovery-reference.txt',
        'os.iso',
        'os.iso.sha256',
        'os.qcow2',
        'os.qcow2.sha256',
        'sbom.spdx.json',
        'usb-write-linux.txt',
        'usb-write-macos.txt',
        'vm-test-command.txt',
      ].sort(),
    );
    const listed = parseChecksums(await text('SHA256SUMS')).map(({ name }) => name);
    expect([...listed, 'SHA256SUMS'].sort()).toEqual((await readdir(join(cwd, 'out'))).sort());
    expect(listed).toEqual([...listed].sort());
  });

  it('keeps SBOMs apart that differ, and carries signatures', async () => {
    await stage({ apart: true, signed: true });
    const names = await readdir(join(cwd, 'out'));
    expect(names).toEqual(expect.arrayContaining(['iso-sbom.spdx.json', 'vm-sbom.spdx.json', 'os.iso.sig']));
    expect(names).not.toContain('sbom.spdx.json');
    expect(await text('os.iso.sig')).toBe('SIGNATURE\n');
    expect(await fieldsOf('manifest.txt')).toMatchObject({
      iso_artifact_path: 'os.iso',
      iso_signature_path: 'os.iso.sig',
      iso_sbom_path: 'iso-sbom.spdx.json',
      vm_image_path: 'os.qcow2',
      vm_signature_path: 'unsigned-local',
      vm_sbom_path: 'vm-sbom.spdx.json',
      operator_recovery_path: 'operator-recovery-reference.txt',
    });
  });

  it('merges SBOMs of the same content under two names', async () => {
    await writeRelease(join(cwd, 'release'));
    await writeFile(join(cwd, 'release/copy.json'), await text('both.json', 'release'));
    const manifest = await text('manifest.txt', 'release');
    await writeFile(
      join(cwd, 'release/manifest.txt'),
      manifest.replace('vm_sbom_path=both.json', 'vm_sbom_path=copy.json'),
    );
    await stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd });
    expect((await readdir(join(cwd, 'out'))).filter((name) => name.endsWith('.spdx.json'))).toEqual([
      'sbom.spdx.json',
    ]);
  });

  it('names nothing outside of the bundle in the documents that travel', async () => {
    await stage();
    expect(await fieldsOf('artifact-manifest-validation.txt')).toMatchObject({
      artifact_manifest_path: 'manifest.txt',
      artifact_manifest_ready_for_operator_review: '1',
      iso_resolved_path: 'os.iso',
      vm_image_resolved_path: 'os.qcow2',
      operator_recovery_path_present: '1',
    });
    expect(await fieldsOf('usb-write-linux.txt')).toMatchObject({
      iso_path: 'os.iso',
      iso_exists: '1',
      usb_write_command_ready: '1',
      usb_write_command: "sudo dd if='os.iso' of='/dev/sdX' bs=4M conv=fsync status=progress",
    });
    expect(await fieldsOf('usb-write-macos.txt')).toMatchObject({
      platform: 'macos',
      device_path: '/dev/rdiskN',
    });
    expect(await fieldsOf('vm-test-command.txt')).toMatchObject({
      image_path: 'os.qcow2',
      vm_test_command_ready: '1',
      serial_log_path: 'reports/serial.log',
    });
    for (const name of await readdir(join(cwd, 'out'))) {
      const content = await text(name);
      expect(content, name).not.toContain('.staging');
      expect(content, name).not.toContain(cwd);
    }
  });

  it('carries the runbook and says where it came from', async () => {
    await stage();
    const reference = await text('operator-recovery-reference.txt');
    expect(reference).toContain('source: docs/recovery.md\n');
    expect(reference.endsWith('# Recovery\n\nPull the plug, count to ten.\n')).toBe(true);
  });

  it('carries the address of a runbook on the web', async () => {
    await stage({ recovery: 'https://example.org/recovery' });
    expect(await text('operator-recovery-reference.txt')).toContain('source: https://example.org/recovery\n');
    await verifyOperatorBundle(join(cwd, 'out'));
  });

  it('writes the same bytes for the same release', async () => {
    await stage();
    const first = await text('SHA256SUMS');
    await rm(join(cwd, 'out'), { recursive: true });
    await stage();
    expect(await text('SHA256SUMS')).toBe(first);
  });

  it('goes to a folder of its version when nobody says where', async () => {
    await writeRelease(join(cwd, 'release'));
    await stageOperatorBundle(requestOf('release/manifest.txt', undefined), { cwd });
    await verifyOperatorBundle(join(cwd, 'artifacts/os-images/1.2.3/operator-bundle'));
  });

  it.each(['..', '../../etc', 'a/b', '', '.hidden', 'a b', '-x'])(
    'makes no folder of the version %j',
    (version) => {
      expect(() => defaultOutputDir(version)).toThrow('artifact_version');
    },
  );

  it('counts the bytes of the artifacts once', async () => {
    await writeRelease(join(cwd, 'release'));
    let bytes = 0;
    const onBytes = (count: number) => {
      bytes += count;
    };
    await stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd, onBytes });
    expect(bytes).toBe(70_000 + 50_004);
  });

  it('takes names that need quoting', async () => {
    const isoName = `- a'b" $c,d:é 漢.iso`;
    await stage({ isoName, vmName: 'fo:o,.qcow2' });
    await verifyOperatorBundle(join(cwd, 'out'));
    expect((await fieldsOf('usb-write-linux.txt')).iso_path).toBe(isoName);
  });
});

describe('stageOperatorBundle refuses', () => {
  const nothingLeft = async () => {
    expect((await readdir(cwd)).filter((name) => name !== 'release')).toEqual([]);
  };

  it.each<[string, ReleaseOptions['change'], string]>([
    ['no ISO', (m) => ({ ...m, iso: undefined }), 'the manifest records no ISO'],
    ['no VM image', (m) => ({ ...m, vmImage: undefined }), 'the manifest records no VM image'],
    ['no recovery path', (m) => ({ ...m, operatorRecoveryPath: 'none' }), 'no operator recovery path'],
    [
      'no signature and no word about it',
      (m) => ({ ...m, iso: m.iso && { ...m.iso, signaturePath: 'none' } }),
      'ISO: no signature',
    ],
    [
      'no SBOM',
      (m) => ({ ...m, vmImage: m.vmImage && { ...m.vmImage, sbomPath: 'none' } }),
      'SBOM of the VM image',
    ],
  ])('a release with %s', async (_, change, reason) => {
    await expect(stage(change === undefined ? {} : { change })).rejects.toMatchObject({
      code: 'not-ready',
      kind: 'data',
      message: expect.stringContaining(reason),
    });
    await nothingLeft();
  });

  it('an artifact that is not the recorded one, or is gone', async () => {
    await writeRelease(join(cwd, 'release'));
    await writeFile(join(cwd, 'release/os.qcow2'), 'other');
    await expect(
      stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd }),
    ).rejects.toMatchObject({ code: 'mismatch' });
    await rm(join(cwd, 'release/os.qcow2'));
    await expect(
      stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd }),
    ).rejects.toMatchObject({ code: 'not-found', kind: 'input-missing' });
    await nothingLeft();
  });

  it.each([
    ['one name for both', { isoName: 'os.img', vmName: 'os.img', apart: true }],
    ['names that differ in case', { isoName: 'os.img', vmName: 'OS.img', apart: true }],
    ['names that differ in composition', { isoName: 'é.img', vmName: 'e\u0301.img', apart: true }],
    ['the name of a bundle file', { isoName: 'readme.TXT' }],
    ['the name of an SBOM', { isoName: 'iso-sbom.spdx.json' }],
    ["the name of the other's checksum", { isoName: 'a', vmName: 'a.sha256' }],
    ["the name of the other's signature", { isoName: 'a.sig', vmName: 'a' }],
  ])('%s', async (_, options) => {
    await expect(stage(options)).rejects.toMatchObject({ code: 'name-clash', kind: 'data' });
    await nothingLeft();
  });

  it.each(['a\\b.iso', 'none', 'unsigned-local'])('the artifact name %j', async (isoName) => {
    await expect(stage({ isoName, apart: true })).rejects.toMatchObject({ code: 'bad-name', kind: 'data' });
    await nothingLeft();
  });

  it('a runbook that is no text', async () => {
    await mkdir(join(cwd, 'release'));
    await writeFile(join(cwd, 'release/runbook.pdf'), Buffer.from([0x25, 0x50, 0xff, 0xfe]));
    await expect(stage({ recovery: 'runbook.pdf' })).rejects.toMatchObject({ code: 'bad-recovery' });
    await nothingLeft();
  });

  it('an output that is not empty, and leaves it as it is', async () => {
    await mkdir(join(cwd, 'out'));
    await writeFile(join(cwd, 'out/mine'), '');
    await expect(stage()).rejects.toMatchObject({ code: 'exists', kind: 'cannot-create' });
    expect(await readdir(join(cwd, 'out'))).toEqual(['mine']);
  });

  it('an output inside an input, and an input inside the output, through links too', async () => {
    await symlink(join(cwd, 'release'), join(cwd, 'link'));
    const overlap = { code: 'overlap', kind: 'cannot-create' };
    await expect(stage({}, 'release/os.iso/out')).rejects.toMatchObject(overlap);
    await expect(stage({}, 'release')).rejects.toMatchObject(overlap);
    await expect(stage({}, 'link')).rejects.toMatchObject(overlap);
    await expect(stage({}, '.')).rejects.toMatchObject(overlap);
    await expect(stage({ apart: true }, 'link/iso')).rejects.toMatchObject(overlap);
    // Beside them is where it usually goes.
    await stage({}, 'release/operator-bundle');
  });

  it('the second of two at once, and only that one', async () => {
    await writeRelease(join(cwd, 'release'));
    const request = requestOf('release/manifest.txt', 'out');
    const runs = await Promise.allSettled([
      stageOperatorBundle(request, { cwd }),
      stageOperatorBundle(request, { cwd }),
    ]);
    const lost = runs.filter((run) => run.status === 'rejected');
    expect(lost).toHaveLength(1);
    expect(lost[0]?.reason).toMatchObject({ code: 'exists' });
    await verifyOperatorBundle(join(cwd, 'out'));
    expect((await readdir(cwd)).sort()).toEqual(['out', 'release']);
  });
});

describe('verifyOperatorBundle', () => {
  it('finds any changed byte in any file', async () => {
    await stage({ iso: Buffer.alloc(40_000, 'iso') });
    const folder = join(cwd, 'out');
    const names = await readdir(folder);
    const flip = async (name: string, at: number, value: number) => {
      const path = join(folder, name);
      const good = await readFile(path);
      const bad = Buffer.from(good);
      const index = at % good.length;
      bad.writeUInt8((good.readUInt8(index) ^ value) & 0xff, index);
      await writeFile(path, bad);
      await expect(verifyOperatorBundle(folder), `${name} at ${index} by ${value}`).rejects.toThrow();
      await writeFile(path, good);
    };
    for (const name of names) await flip(name, 0, 1);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(), fc.integer({ min: 1, max: 255 }), flip),
      { numRuns: 150 },
    );
    // What sha256sum itself passes over: capitals, a comment, the mark of a binary file.
    const sums = await text('SHA256SUMS');
    const letter = sums.search(/[a-f]/);
    await flip('SHA256SUMS', letter, 0x20);
    await flip('SHA256SUMS', 0, sums.charCodeAt(0) ^ 0x23);
    await flip('SHA256SUMS', 65, 0x20 ^ 0x2a);
    await expect(verifyOperatorBundle(folder)).resolves.toMatchObject({ missingForReview: [] });
  });

  it('finds a file that was added, one that was taken away, and another order', async () => {
    await stage();
    const folder = join(cwd, 'out');
    await writeFile(join(folder, 'extra'), '');
    await expect(verifyOperatorBundle(folder)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(/^extra: is there/),
    });
    await rm(join(folder, 'extra'));
    const sums = await text('SHA256SUMS');
    await writeFile(
      join(folder, 'SHA256SUMS'),
      sums
        .split(/(?<=\n)/)
        .reverse()
        .join(''),
    );
    await expect(verifyOperatorBundle(folder)).rejects.toMatchObject({ code: 'damaged' });
    await writeFile(join(folder, 'SHA256SUMS'), sums);
    await rm(join(folder, 'README.txt'));
    await expect(verifyOperatorBundle(folder)).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringMatching(/^README.txt: has/),
    });
  });
});
