// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatDocument, parseChecksums, parseDocument } from '@latticra/evidence-format';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOOT_ISO, QCOW2_DISK, SIGNATURE } from '../../../tools/testing/images.js';
import { type ReleaseOptions, requestOf, writeRelease } from '../test/release.js';
import { defaultOutputDir } from './destination.js';
import { stageOperatorBundle } from './stage.js';
import { verifyOperatorBundle } from './verify/verify.js';

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
  const staged = await stageOperatorBundle(requestOf('release/manifest.txt', outputDir), { cwd });
  return staged.report;
}

const text = (name: string, folder = 'out') => readFile(join(cwd, folder, name), 'utf8');
const fieldsOf = async (name: string) =>
  Object.fromEntries(parseDocument(await text(name)).fields.map(({ key, value }) => [key, value]));

describe('stageOperatorBundle', () => {
  it('the report names what was staged, and what it names was staged', async () => {
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

  it('what was staged is told as values, and is what lies there', async () => {
    await writeRelease(join(cwd, 'release'), { signed: true });
    const staged = await stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd });
    expect(staged).toMatchObject({
      folder: join(cwd, 'out'),
      manifest: { artifactVersion: '1.2.3', iso: { path: 'os.iso' }, vmImage: { path: 'os.qcow2' } },
      records: [],
      promotion: undefined,
      isSigned: false,
    });
    const listed = parseChecksums(await text('SHA256SUMS'));
    expect(staged.files).toEqual(listed.map(({ name, hex }) => ({ name, sha256: hex })));
  });

  it('a bundle is made of a manifest alone: all else has a default that the report tells', async () => {
    await writeRelease(join(cwd, 'release'));
    const firmwareRoots = { descriptorFolders: [], uefiPairs: [], seaBios: [] };
    const { folder, report } = await stageOperatorBundle(
      { artifactManifestPath: 'release/manifest.txt' },
      { cwd, firmwareRoots },
    );
    expect(folder).toBe(join(cwd, 'artifacts/os-images/1.2.3/operator-bundle'));
    const options = report.sections.find(({ name }) => name === 'options')?.fields ?? [];
    expect(Object.fromEntries(options.map(({ key, value }) => [key, value]))).toMatchObject({
      manifest_path: 'none',
      linux_device: '/dev/sdX',
      macos_device: '/dev/rdiskN',
      serial_log_path: 'vm-serial.log',
      vm_firmware: 'uefi',
    });
    await verifyOperatorBundle(folder);
  });

  it('a bundle has exactly the files that it should have', async () => {
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

  const COMMON = [
    'README.txt',
    'SHA256SUMS',
    'artifact-manifest-validation.txt',
    'manifest.txt',
    'operator-bundle-report.txt',
    'operator-recovery-reference.txt',
    'sbom.spdx.json',
  ];
  it.each<[string, ReleaseOptions['change'], string[], Record<string, string>]>([
    [
      'an ISO alone',
      (m) => ({ ...m, vmImage: undefined }),
      ['os.iso', 'os.iso.sha256', 'usb-write-linux.txt', 'usb-write-macos.txt'],
      { vm_image_path: 'none', vm_image_format: 'none', vm_test_command_template_path: 'none' },
    ],
    [
      'a VM image alone',
      (m) => ({ ...m, iso: undefined }),
      ['os.qcow2', 'os.qcow2.sha256', 'vm-test-command.txt'],
      { iso_artifact_path: 'none', iso_sha256_path: 'none', usb_write_linux_template_path: 'none' },
    ],
  ])('a bundle of %s has the files of that set', async (_, change, files, expected) => {
    await stage(change ? { change } : {});
    expect((await readdir(join(cwd, 'out'))).sort()).toEqual([...COMMON, ...files].sort());
    expect(await fieldsOf('operator-bundle-report.txt')).toMatchObject(expected);
    const readme = await text('README.txt');
    for (const name of ['usb-write-linux.txt', 'vm-test-command.txt']) {
      expect(readme.includes(name), name).toBe(files.includes(name));
    }
    expect(readme).toMatch(/\n3\. WHEN SOMETHING GOES WRONG\n/);
    await verifyOperatorBundle(join(cwd, 'out'));
  });

  it('a bundle keeps SBOMs apart that differ, and carries signatures', async () => {
    await stage({ apart: true, signed: true });
    const names = await readdir(join(cwd, 'out'));
    expect(names).toEqual(expect.arrayContaining(['iso-sbom.spdx.json', 'vm-sbom.spdx.json', 'os.iso.sig']));
    expect(names).not.toContain('sbom.spdx.json');
    expect(await text('os.iso.sig')).toBe(SIGNATURE);
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

  it('a bundle merges SBOMs of the same content under two names', async () => {
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

  it('the documents of a bundle name nothing outside of it', async () => {
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

  it('a bundle carries the runbook and says where it came from', async () => {
    await stage();
    const reference = await text('operator-recovery-reference.txt');
    expect(reference).toContain('source: docs/recovery.md\n');
    expect(reference.endsWith('# Recovery\n\nPull the plug, count to ten.\n')).toBe(true);
  });

  it('a bundle carries the address of a runbook on the web', async () => {
    await stage({ recovery: 'https://example.org/recovery' });
    expect(await text('operator-recovery-reference.txt')).toContain('source: https://example.org/recovery\n');
    await verifyOperatorBundle(join(cwd, 'out'));
  });

  it('what only its owner may read is not published with the bundle', async () => {
    await writeRelease(join(cwd, 'release'), { signed: true });
    for (const name of ['os.iso', 'both.json', 'keys/iso-signature', 'docs/recovery.md']) {
      await chmod(join(cwd, 'release', name), 0o600);
    }
    await stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd });
    for (const name of ['os.iso', 'sbom.spdx.json', 'os.iso.sig', 'operator-recovery-reference.txt']) {
      expect((await stat(join(cwd, 'out', name))).mode & 0o777, name).toBe(0o600);
    }
  });

  it('two bundles of the same release have the same bytes', async () => {
    await stage();
    const first = await text('SHA256SUMS');
    await rm(join(cwd, 'out'), { recursive: true });
    await stage();
    expect(await text('SHA256SUMS')).toBe(first);
  });

  it('a bundle goes to a folder of its version where no folder was given', async () => {
    await writeRelease(join(cwd, 'release'));
    await stageOperatorBundle(requestOf('release/manifest.txt', undefined), { cwd });
    await verifyOperatorBundle(join(cwd, 'artifacts/os-images/1.2.3/operator-bundle'));
  });

  it.each(['..', '../../etc', 'a/b', '', '.hidden', 'a b', '-x'])(
    'no folder is made of the version %j',
    (version) => {
      expect(() => defaultOutputDir(version)).toThrow('artifact_version');
    },
  );

  it('the bytes of the artifacts are counted once', async () => {
    await writeRelease(join(cwd, 'release'));
    let bytes = 0;
    const onBytes = (count: number) => {
      bytes += count;
    };
    await stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd, onBytes });
    expect(bytes).toBe(BOOT_ISO.length + QCOW2_DISK.length);
  });

  it('the names of artifacts may need quoting', async () => {
    const isoName = `- a'b" $c,d:é 漢.iso`;
    await stage({ isoName, vmName: 'fo:o,.qcow2' });
    await verifyOperatorBundle(join(cwd, 'out'));
    expect((await fieldsOf('usb-write-linux.txt')).iso_path).toBe(isoName);
  });
});
