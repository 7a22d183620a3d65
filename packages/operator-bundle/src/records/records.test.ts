// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  generateEd25519Key,
  loadSigners,
  NAMESPACES,
  signWithKey,
  takeSigningKey,
} from '@latticra/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BOOT_ISO, QCOW2_DISK, sha256Of } from '../../../../tools/testing/images.js';
import { GOOD_LOG, layRecord } from '../../../boot-cases/test/record.js';
import { requestOf, writeRelease } from '../../test/release.js';
import { stageOperatorBundle } from '../stage.js';
import { verifyOperatorBundle } from '../verify/verify.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'bundle-records-'));
  await writeRelease(at('release'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const at = (...names: string[]) => join(cwd, ...names);
const text = (name: string) => readFile(at('out', name), 'utf8');
const of = (image: Uint8Array) => {
  const sha256 = sha256Of(image);
  return { imageBefore: sha256, imageAfter: sha256, imageBytes: image.length } as const;
};

/** Lays a boot of the ISO, one of it that failed, one of the VM image and one of another image. */
function layRecords(folder = 'records') {
  layRecord(at(folder), GOOD_LOG, of(BOOT_ISO));
  layRecord(at(folder), 'OK\r\n', { ...of(BOOT_ISO), caseName: 'iso_cdrom_late', machineName: 'late' });
  layRecord(at(folder), GOOD_LOG, {
    ...of(QCOW2_DISK),
    caseName: 'disk_disk_bios',
    imageName: 'disk',
    imageFormat: 'qcow2',
    attach: 'disk',
  });
  layRecord(at(folder), GOOD_LOG, { caseName: 'old_cdrom_bios', imageName: 'old' });
}

const stage = (bootRecords = 'records', outputDir = 'out') =>
  stageOperatorBundle({ ...requestOf('release/manifest.txt', outputDir), bootRecords }, { cwd });
const verify = (options = {}) => verifyOperatorBundle(at('out'), options);

/** Names the folders of the records in the bundle, by the cases that they are of. */
async function folders(): Promise<Record<string, string>> {
  const names = await readdir(at('out/boot-records'));
  const cases = await Promise.all(
    names.map(async (name) => [
      /^case=(.*)$/m.exec(await text(`boot-records/${name}/record.txt`))?.[1] ?? '',
      `boot-records/${name}`,
    ]),
  );
  return Object.fromEntries(cases);
}

describe('records of boots in a bundle', () => {
  it('the records of the artifacts lie in the bundle, under its checksums, and those of other images do not', async () => {
    layRecords();
    await stage();
    const laid = await folders();
    expect(Object.keys(laid).sort()).toEqual(['disk_disk_bios', 'iso_cdrom_bios', 'iso_cdrom_late']);
    const sums = await text('SHA256SUMS');
    for (const folder of Object.values(laid)) {
      const digest = folder.replace('boot-records/', '');
      expect(sums).toContain(`${digest}  ${folder}/record.txt\n`);
      for (const name of ['serial.log', 'qemu-argv.txt']) expect(sums).toContain(`  ${folder}/${name}\n`);
      expect(await text('operator-bundle-report.txt')).toMatch(
        new RegExp(`^boot_record_0\\d=sha256:${digest}$`, 'm'),
      );
    }
    expect(await text('operator-bundle-report.txt')).toContain('\nboot_record_count=3\n');
    const { records } = await verify();
    expect(records).toHaveLength(3);
    expect(await text('artifact-manifest-validation.txt')).toMatch(
      /\n\[boot_evidence\]\niso_booted_count=1\niso_booted_01=iso_cdrom_bios cdrom pc-i440fx-7\.2 seabios sha256:\w{64}\niso_refused_count=0\niso_failed_count=1\niso_failed_01=iso_cdrom_late .*\nvm_image_booted_count=1\nvm_image_booted_01=disk_disk_bios .*\nvm_image_refused_count=0\nvm_image_failed_count=0\nrecords_of_other_images=0\n/,
    );
    expect(await text('README.txt')).toContain('cannot be told without a signature');
  });

  it('a bundle of the same records is the same, in whatever folders they lie', async () => {
    layRecords();
    await rename(at('records/iso_cdrom_bios'), at('records/zz'));
    layRecord(at('records'), GOOD_LOG, of(BOOT_ISO));
    await stage();
    const sums = await text('SHA256SUMS');
    await rm(at('out'), { recursive: true });
    await rm(at('records/zz'), { recursive: true });
    await stage();
    expect(await text('SHA256SUMS')).toBe(sums);
  });

  it('the signatures of records go into the bundle, and are held against allowed signers there', async () => {
    layRecords();
    const [machine, release] = [generateEd25519Key('machine-1'), generateEd25519Key('release')];
    await writeFile(at('key'), machine.privateFile, { mode: 0o600 });
    const signer = await takeSigningKey(at('key'), { cwd, env: { PATH: '' } });
    const sign = (image: Uint8Array) =>
      signWithKey(release.key, NAMESPACES.artifact, createHash('sha256').update(image).digest());
    await rm(at('release'), { recursive: true });
    await writeRelease(at('release'), { signatures: { iso: sign(BOOT_ISO), vm: sign(QCOW2_DISK) } });
    const lines = [
      `machine-1 namespaces="latticra-boot" ${machine.publicLine}`,
      `release namespaces="latticra-os-image" ${release.publicLine}`,
    ];
    await writeFile(at('allowed'), lines.join('\n').replaceAll('\n\n', '\n'));
    const signers = await loadSigners({ allowedSigners: at('allowed'), signer: 'release', at: new Date() });
    const stageBy = () =>
      stageOperatorBundle(
        { ...requestOf('release/manifest.txt', 'out'), bootRecords: 'records' },
        { cwd, signers },
      );
    for (const name of ['iso_cdrom_bios', 'iso_cdrom_late', 'old_cdrom_bios']) {
      await signer.sign(at('records', name, 'record.txt'), NAMESPACES.boot);
    }
    await expect(stageBy()).rejects.toMatchObject({
      code: 'bad-record',
      message: expect.stringMatching(/disk_disk_bios\/record\.txt: has no signature beside it/),
    });
    await signer.sign(at('records/disk_disk_bios/record.txt'), NAMESPACES.boot);
    await stageBy();
    const sums = await text('SHA256SUMS');
    expect(sums.match(/record\.txt\.sig$/gm)).toHaveLength(3);
    expect(await text('artifact-manifest-validation.txt')).toMatch(
      /\nrecords_signed_count=3\nrecord_signing_key_01=SHA256:\S{43}\n/,
    );
    expect(await text('README.txt')).toContain('3 of the 3\n       are signed');
    await verify({ signers });
    // Whoever takes a signature away, and its checksum, leaves documents that say otherwise.
    const [folder] = Object.values(await folders());
    await rm(at('out', `${folder}/record.txt.sig`));
    await writeFile(
      at('out/SHA256SUMS'),
      sums.replace(new RegExp(`^\\S+  ${folder}/record\\.txt\\.sig\\n`, 'm'), ''),
    );
    await expect(verify()).rejects.toMatchObject({ code: 'damaged' });
    await expect(verify({ signers })).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining('has no signature beside it'),
    });
  });

  it('a record that does not hold keeps a bundle from being made, and is named', async () => {
    layRecords();
    await writeFile(at('records/iso_cdrom_late/serial.log'), GOOD_LOG);
    await expect(stage()).rejects.toMatchObject({
      code: 'bad-record',
      kind: 'data',
      message: expect.stringContaining('iso_cdrom_late'),
    });
    await expect(readdir(at('out'))).rejects.toThrow('ENOENT');
  });

  it('a record with the digest of an artifact and another size is refused', async () => {
    layRecord(at('records'), GOOD_LOG, { ...of(BOOT_ISO), imageBytes: 1 });
    await expect(stage()).rejects.toMatchObject({
      code: 'bad-record',
      message: expect.stringContaining(
        `is of an image of 1 bytes, and the one with its digest has ${BOOT_ISO.length}`,
      ),
    });
  });

  it('a record of the VM image that was read as a raw disk is none of it', async () => {
    layRecord(at('records'), GOOD_LOG, {
      ...of(QCOW2_DISK),
      caseName: 'disk_disk_bios',
      imageName: 'disk',
      imageFormat: 'raw',
      attach: 'disk',
    });
    await expect(stage()).rejects.toMatchObject({ code: 'no-records', kind: 'data' });
  });

  it('a folder without records, or with records of other images alone, is refused', async () => {
    await mkdir(at('empty'));
    await expect(stage('empty')).rejects.toMatchObject({ code: 'no-records', kind: 'input-missing' });
    layRecord(at('records'));
    await expect(stage()).rejects.toMatchObject({
      code: 'no-records',
      kind: 'data',
      message: 'records: holds no record of a boot of these artifacts',
    });
    await expect(stage('none')).rejects.toMatchObject({ code: 'not-found' });
  });

  it('a bundle is not put into the folder of the records, nor around it', async () => {
    layRecords();
    await expect(stage('records', 'records/out')).rejects.toMatchObject({ code: 'overlap' });
    layRecords('out/records');
    await expect(stage('out/records')).rejects.toMatchObject({ code: 'overlap' });
  });
});

describe('the verification of a bundle with records', () => {
  let folder: string;
  beforeEach(async () => {
    layRecords();
    await stage();
    folder = (await folders()).iso_cdrom_bios ?? '';
  });

  /** Writes a file of the bundle, and its checksum with it, as an attacker who knows the format would. */
  async function put(name: string, content: string): Promise<void> {
    await writeFile(at('out', name), content);
    const hex = createHash('sha256').update(content).digest('hex');
    const lines = (await text('SHA256SUMS'))
      .split('\n')
      .filter((line) => line !== '' && !line.endsWith(`  ${name}`));
    lines.push(`${hex}  ${name}`);
    lines.sort((a, b) => Buffer.compare(Buffer.from(a.slice(66)), Buffer.from(b.slice(66))));
    await writeFile(at('out/SHA256SUMS'), `${lines.join('\n')}\n`);
  }

  const damaged = (message: RegExp) => ({
    code: 'damaged',
    kind: 'data',
    message: expect.stringMatching(message),
  });
  const onAdded = () => undefined;

  it.each(['record.txt', 'serial.log', 'qemu-argv.txt'])(
    'a %s that was changed does not verify',
    async (name) => {
      const good = await text(`${folder}/${name}`);
      await writeFile(at('out', folder, name), `${good}x\n`);
      await expect(verify({ onAdded })).rejects.toMatchObject(damaged(/expected sha256:/));
      await put(`${folder}/${name}`, `${good}x\n`);
      await expect(verify({ onAdded })).rejects.toMatchObject(damaged(/^boot-records\//));
    },
  );

  it.each(['record.txt', 'serial.log', 'qemu-argv.txt'])(
    'a %s that is gone does not verify',
    async (name) => {
      const sums = await text('SHA256SUMS');
      await rm(at('out', folder, name));
      await expect(verify({ onAdded })).rejects.toMatchObject(damaged(/has a checksum but is not there/));
      await writeFile(at('out/SHA256SUMS'), sums.replace(new RegExp(`^.*  ${folder}/${name}\n`, 'm'), ''));
      await expect(verify({ onAdded })).rejects.toMatchObject(damaged(/^boot-records\//));
    },
  );

  it('a record that is gone with its folder and its checksums does not verify', async () => {
    await rm(at('out', folder), { recursive: true });
    const lines = (await text('SHA256SUMS')).split('\n').filter((line) => !line.includes(folder));
    await writeFile(at('out/SHA256SUMS'), lines.join('\n'));
    await expect(verify({ onAdded })).rejects.toMatchObject(damaged(new RegExp(`^${folder}: `)));
    const report = await text('operator-bundle-report.txt');
    await put(
      'operator-bundle-report.txt',
      report
        .replace(`${folder.replace('boot-records/', '')}`, '0'.repeat(64))
        .replace('boot_record_count=3', 'boot_record_count=2'),
    );
    await expect(verify({ onAdded })).rejects.toMatchObject(
      damaged(/^operator-bundle-report.txt: does not say/),
    );
  });

  it.each(['extra', `${'0'.repeat(64)}/record.txt`])(
    'a file boot-records/%s that was added does not verify, also where other files may lie in a bundle',
    async (name) => {
      await mkdir(join(at('out/boot-records'), name, '..'), { recursive: true });
      await writeFile(at('out/boot-records', name), 'x');
      await expect(verify({ onAdded })).rejects.toMatchObject(damaged(/is there but has no checksum/));
      await put(`boot-records/${name}`, 'x');
      await expect(verify({ onAdded })).rejects.toMatchObject(
        damaged(/has a checksum and is no file of a bundle/),
      );
    },
  );

  it('a file that was added beside a record, an empty folder and a link do not verify', async () => {
    await writeFile(at('out', folder, 'screen.png'), 'x');
    await expect(verify({ onAdded })).rejects.toMatchObject(
      damaged(/screen\.png: is there but has no checksum/),
    );
    await rm(at('out', folder, 'screen.png'));
    await mkdir(at('out/boot-records/empty'));
    await expect(verify({ onAdded })).rejects.toMatchObject(damaged(/empty: is there but has no checksum/));
    await rm(at('out/boot-records/empty'), { recursive: true });
    await rename(at('out', folder), at('elsewhere'));
    await symlink(at('elsewhere'), at('out', folder));
    await expect(verify({ onAdded })).rejects.toMatchObject(damaged(/is a link/));
    await rm(at('out', folder));
    await rename(at('elsewhere'), at('out', folder));
    await expect(verify({ onAdded })).resolves.toBeDefined();
    await rename(at('out', folder, 'serial.log'), at('elsewhere'));
    await symlink(at('elsewhere'), at('out', folder, 'serial.log'));
    await expect(verify({ onAdded })).rejects.toMatchObject(damaged(/serial\.log: is a link/));
  });

  it('a bundle without records in which somebody made a folder for them does not verify', async () => {
    await rm(at('out'), { recursive: true });
    await stageOperatorBundle(requestOf('release/manifest.txt', 'out'), { cwd });
    await mkdir(at('out/boot-records'));
    await expect(verify({ onAdded })).rejects.toMatchObject(damaged(/^boot-records: /));
    await rm(at('out/boot-records'), { recursive: true });
    await writeFile(at('out/boot-records'), 'x');
    await expect(verify({ onAdded })).rejects.toMatchObject(
      damaged(/^boot-records: is there but has no checksum/),
    );
  });
});
