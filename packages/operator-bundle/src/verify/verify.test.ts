// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { renameSync, symlinkSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ReleaseOptions, requestOf, writeRelease } from '../../test/release.js';
import { isOperatorBundle } from '../is-bundle.js';
import { stageOperatorBundle } from '../stage.js';
import { verifyOperatorBundle } from './verify.js';

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
describe('verifyOperatorBundle', () => {
  it('the verification finds any changed byte in any file', async () => {
    await stage();
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

  it('the verification finds a file that was added, one that was removed, and another order', async () => {
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

describe('a bundle whose checksums hold', () => {
  /** Replaces a file of the bundle and also its checksum, as an attacker who knows the format would. */
  async function replace(name: string, change: (content: string) => string): Promise<void> {
    const content = change(await text(name));
    await writeFile(join(cwd, 'out', name), content);
    const hex = createHash('sha256').update(content).digest('hex');
    const sums = (await text('SHA256SUMS')).replace(new RegExp(`^\\w+(?=  ${name}$)`, 'm'), hex);
    await writeFile(join(cwd, 'out/SHA256SUMS'), sums);
  }

  it.each([
    ['iso_sbom_path', 'SBOM of the ISO'],
    ['iso_signature_path', 'ISO: no signature'],
    ['operator_recovery_path', 'no operator recovery path'],
  ])('a bundle whose manifest has no %s does not verify', async (key, reason) => {
    await stage();
    await replace('manifest.txt', (manifest) =>
      manifest.replace(new RegExp(`^${key}=.*$`, 'm'), `${key}=none`),
    );
    await expect(verifyOperatorBundle(join(cwd, 'out'))).rejects.toMatchObject({
      code: 'not-ready',
      message: expect.stringContaining(reason),
      fix: 'complete the release, record it again, and validate the manifest',
    });
  });

  it('a bundle whose manifest records another image does not verify', async () => {
    await stage();
    await replace('manifest.txt', (manifest) =>
      manifest.replace(/^(iso_artifact_sha256=sha256:).*$/m, `$1${'0'.repeat(64)}`),
    );
    await expect(verifyOperatorBundle(join(cwd, 'out'))).rejects.toMatchObject({ code: 'mismatch' });
  });

  it.each([
    ['usb-write-linux.txt', '/dev/sdX', '/dev/sda'],
    ['usb-write-macos.txt', 'bs=4m', 'bs=4k'],
    ['vm-test-command.txt', 'memory_mib=2048', 'memory_mib=4096'],
    ['README.txt', 'NOTHING CHANGED', 'SOMETHING CHANGED'],
    ['artifact-manifest-validation.txt', 'starts_uefi_usb=1', 'starts_uefi_usb=0'],
    ['operator-bundle-report.txt', 'bundle_status=ok', 'bundle_status=no'],
    ['os.iso.sha256', 'os.iso', 'os.img'],
  ])(
    'a bundle whose %s says another thing does not verify, though its checksum holds',
    async (name, from, to) => {
      await stage();
      await replace(name, (content) => content.replaceAll(from, to));
      await expect(verifyOperatorBundle(join(cwd, 'out'))).rejects.toMatchObject({
        code: 'damaged',
        message: expect.stringContaining(`${name}: is not what this version makes of manifest.txt`),
      });
    },
  );

  it('a report that claims a system disk was seen to be free makes no command that is ready', async () => {
    await stage();
    const seen = { location: { node: '/dev/sdb' }, inspection: { inspected: true, facts: {} } };
    await replace('operator-bundle-report.txt', (report) =>
      report
        .replace('linux_device=/dev/sdX', 'linux_device=/dev/sda')
        .replace('linux_device_seen=none', `linux_device_seen=${JSON.stringify(seen)}`),
    );
    await replace('usb-write-linux.txt', (content) => content.replaceAll('/dev/sdX', '/dev/sda'));
    await expect(verifyOperatorBundle(join(cwd, 'out'))).rejects.toMatchObject({ code: 'damaged' });
  });

  it('a checksum file that covers a part of the bundle does not verify, also where other files may lie there', async () => {
    await stage({ signed: true });
    const folder = join(cwd, 'out');
    const lines = (await text('SHA256SUMS')).split(/(?<=\n)/);
    for (const left of lines) {
      await writeFile(join(folder, 'SHA256SUMS'), lines.filter((line) => line !== left).join(''));
      await expect(verifyOperatorBundle(folder, { onAdded: () => undefined }), left).rejects.toThrow();
    }
    await writeFile(join(folder, 'SHA256SUMS'), lines.slice(0, 3).join(''));
    await expect(verifyOperatorBundle(folder, { onAdded: () => undefined })).rejects.toMatchObject({
      code: 'damaged',
    });
  });

  it('a checksum of a file that no bundle has does not verify', async () => {
    await stage();
    const added = createHash('sha256').update('x').digest('hex');
    await writeFile(join(cwd, 'out/zz'), 'x');
    await writeFile(join(cwd, 'out/SHA256SUMS'), `${await text('SHA256SUMS')}${added}  zz\n`);
    await expect(verifyOperatorBundle(join(cwd, 'out'))).rejects.toMatchObject({
      code: 'damaged',
      message: 'zz: has a checksum and is no file of a bundle',
    });
  });

  it('a manifest that becomes a link out of the bundle while it is read is not followed', async () => {
    await stage();
    const folder = join(cwd, 'out');
    let steps = 0;
    await verifyOperatorBundle(folder, { onBytes: () => steps++ });
    // The last step of the measuring comes before the manifest is parsed.
    const swapped = verifyOperatorBundle(folder, {
      onBytes: () => {
        if (--steps > 0) return;
        renameSync(join(folder, 'manifest.txt'), join(cwd, 'manifest.txt'));
        symlinkSync('../manifest.txt', join(folder, 'manifest.txt'));
      },
    });
    await expect(swapped).rejects.toMatchObject({ code: 'outside' });
  });

  it('a file of a bundle that is a link does not verify, wherever it leads', async () => {
    await stage();
    await rename(join(cwd, 'out/os.iso'), join(cwd, 'os.iso'));
    await symlink('../os.iso', join(cwd, 'out/os.iso'));
    await expect(verifyOperatorBundle(join(cwd, 'out'))).rejects.toMatchObject({
      code: 'damaged',
      message: 'os.iso: is a link, expected the file itself',
    });
  });

  it('a bundle is one by any file that only a bundle has', async () => {
    await stage();
    const folder = join(cwd, 'out');
    for (const name of [
      'operator-bundle-report.txt',
      'usb-write-linux.txt',
      'usb-write-macos.txt',
      'vm-test-command.txt',
    ]) {
      await rm(join(folder, name));
      expect(await isOperatorBundle(folder), name).toBe(true);
    }
    await rm(join(folder, 'operator-recovery-reference.txt'));
    expect(await isOperatorBundle(folder)).toBe(false);
  });

  it('a bundle is known by its report, and every byte under a checksum is counted', async () => {
    await stage();
    const folder = join(cwd, 'out');
    expect([await isOperatorBundle(folder), await isOperatorBundle(cwd)]).toEqual([true, false]);
    let counted = 0;
    const added: string[] = [];
    await writeFile(join(folder, 'serial.log'), 'mine');
    await verifyOperatorBundle(folder, {
      onBytes: (count) => {
        counted += count;
      },
      onAdded: (name) => added.push(name),
    });
    const names = (await readdir(folder)).filter((name) => !['SHA256SUMS', 'serial.log'].includes(name));
    const sizes = await Promise.all(names.map(async (name) => (await readFile(join(folder, name))).length));
    expect(counted).toBe(sizes.reduce((sum, size) => sum + size, 0));
    expect(added).toEqual(['serial.log']);
  });

  it('the verification says which file was changed, and what to do', async () => {
    await stage();
    await writeFile(join(cwd, 'out/README.txt'), '');
    const [good, bad] = [/^(\w+) {2}README\.txt$/m.exec(await text('SHA256SUMS'))?.[1], ''];
    const found = createHash('sha256').update(bad).digest('hex');
    await expect(verifyOperatorBundle(join(cwd, 'out'))).rejects.toMatchObject({
      code: 'damaged',
      kind: 'data',
      message: `README.txt: expected sha256:${good}, found sha256:${found}`,
      fix: 'get the bundle again, or stage it anew',
    });
  });
});
