// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, layoutSource } from '@latticra/disk-image';
import { afterAll, beforeAll, expect } from 'vitest';
import { DEBIAN_KERNELS } from '../../../../tools/testing/debian-kernels.js';
import { describeWith, itWith } from '../../../../tools/testing/tools.js';
import { BOOT_TOOLS, bootProgram, SECURE_BOOT_TOOLS, writeImage } from '../testing/boot.js';
import { BUSYBOX, tinyInitramfs } from '../testing/initramfs.js';
import { planUki } from './plan.js';
import { checkSignedUki } from './signed.js';

/** The longest command line there is: its last characters tell that all of it arrived. */
const commandLine = `console=ttyS0 panic=-1 test=${'x'.repeat(2047 - 32)} end`;
const plan = (kernel: string) =>
  planUki({
    kernel: bytesSource(readFileSync(kernel)),
    initrd: tinyInitramfs(),
    commandLine,
    osRelease: 'ID=test\nPRETTY_NAME="Test"\n',
  });
const initLine = (kernel: string) => `TEST_INIT ${kernel.replace(/^.*vmlinuz-/, '')} ${commandLine}`;

for (const [name, kernel] of Object.entries(DEBIAN_KERNELS)) {
  const title = `the kernel of ${name} starts, with its initramfs and its command line`;
  itWith([...BOOT_TOOLS, kernel, BUSYBOX], title, async () => {
    const { exitCode, lines } = await bootProgram(layoutSource(plan(kernel).layout));
    expect(lines).toContain('LATTICRA_LOADER uefi');
    expect(lines).toContain(initLine(kernel));
    expect(exitCode).toBe(0);
  });
}

const KERNEL = DEBIAN_KERNELS['linux-image-cloud-amd64'];
/** The key that Debian's firmware of this name trusts; whoever has Debian has it. */
const SNAKEOIL = {
  key: '/usr/share/ovmf/PkKek-1-snakeoil.key',
  certificate: '/usr/share/ovmf/PkKek-1-snakeoil.pem',
};
const SIGNING_TOOLS = ['sbsign', 'openssl', SNAKEOIL.key, SNAKEOIL.certificate];

describeWith([...SECURE_BOOT_TOOLS, KERNEL, BUSYBOX, ...SIGNING_TOOLS], 'under Secure Boot', () => {
  let folder = '';
  const file = (name: string) => join(folder, name);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'latticra-uki-secure-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  itWith(
    [],
    'an image that is signed as a whole starts, with a kernel in it that nobody signed again',
    async () => {
      const { layout } = plan(KERNEL);
      const unsigned = writeImage(file('unsigned.efi'), layout);
      execFileSync('openssl', ['rsa', '-in', SNAKEOIL.key, '-passin', 'pass:snakeoil', '-out', file('key')], {
        stdio: 'pipe',
      });
      const output = file('signed.efi');
      execFileSync(
        'sbsign',
        ['--key', file('key'), '--cert', SNAKEOIL.certificate, '--output', output, unsigned],
        { stdio: 'pipe' },
      );
      const signed = bytesSource(readFileSync(output));
      expect(checkSignedUki(layoutSource(layout), signed).signatures).toBe(1);
      const { exitCode, lines } = await bootProgram(signed, true);
      expect(lines).toContain('EFI stub: UEFI Secure Boot is enabled.');
      expect(lines).toContain(initLine(KERNEL));
      expect(exitCode).toBe(0);
    },
  );

  // One that nobody signed is refused as part of a system: tools/lanes/secure-boot.int.test.ts.
  itWith([], 'an image that an unknown key signed is refused by the firmware', async () => {
    const unsigned = writeImage(file('other-unsigned.efi'), plan(KERNEL).layout);
    const [key, certificate, output] = [file('other.key'), file('other.pem'), file('other.efi')];
    const request = [
      'req',
      '-new',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=test/',
      '-days',
      '1',
    ];
    execFileSync('openssl', [...request, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
    execFileSync('sbsign', ['--key', key, '--cert', certificate, '--output', output, unsigned], {
      stdio: 'pipe',
    });
    const { exitCode, lines } = await bootProgram(bytesSource(readFileSync(output)), true);
    expect(lines.join('\n')).toMatch(/failed to load .*: Access Denied/);
    expect(lines.join('\n')).not.toContain('LATTICRA_LOADER');
    expect(exitCode).toBeNull();
  });
});
