// SPDX-License-Identifier: Apache-2.0
/** A small system, from three inputs to a bundle, with a boot in QEMU. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from '@latticra/evidence-format';
import { afterAll, beforeAll, expect } from 'vitest';
import { documentValues, tryLane } from '../../../../tools/testing/lane.js';
import { buildLister, LISTING_TOOLS } from '../../../../tools/testing/linux-system/listing.js';
import { SMALL_SYSTEM_TOOLS, smallSystem } from '../../../../tools/testing/linux-system/small.js';
import { describeWith, itWith } from '../../../../tools/testing/tools.js';
import { lane as rehearseLane } from './rehearse-lane.js';

const TOOLS = [...SMALL_SYSTEM_TOOLS, ...LISTING_TOOLS, 'qemu-system-x86_64'];
const TIME_LIMIT = 400_000;

describeWith(TOOLS, 'a rehearsal of a small system', () => {
  let cwd: string;
  let kernel: string;
  const rehearse = (...argv: string[]) => {
    const system = ['--kernel', kernel, '--initramfs', 'initrd.img', '--rootfs', 'rootfs.tar'];
    const folder = ['--output-dir', join(cwd, 'out'), '--formats', 'qcow2', '--memory-mib', '512'];
    return tryLane(rehearseLane, [...system, ...folder, ...argv], { cwd, env: process.env });
  };
  const values = (name: string) => documentValues(readFileSync(join(cwd, 'out', name), 'utf8'));

  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), 'latticra-rehearse-small-'));
    const system = smallSystem(buildLister(cwd));
    kernel = system.kernel;
    writeFileSync(join(cwd, 'initrd.img'), system.initramfs);
    writeFileSync(join(cwd, 'rootfs.tar'), system.rootfs);
  }, TIME_LIMIT);
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  itWith(
    [],
    'a rehearsal that has a system expect what it never shows stops at its boot, before any bundle',
    async () => {
      const { status, stdout, stderr } = await rehearse(
        ...['--expect-prompt', 'passphrase: ', '--timeout-seconds', '3'],
      );
      expect([status, stderr]).toEqual([70, expect.stringMatching(/the qcow2 did not boot: /)]);
      expect(stdout).toMatch(/boot of the qcow2 +\d+\.\d\d s {2}FAILED: /);
      expect(values('rehearsal.txt')).toMatchObject({ rehearsal_status: 'failed', steps_held: '5' });
      expect(readdirSync(join(cwd, 'out'))).not.toContain('operator-bundle');
    },
    TIME_LIMIT,
  );

  itWith(
    [],
    'a system is built, taken apart, booted from its disk by SeaBIOS and bundled, and each step leaves its report',
    async () => {
      const { status, stdout, stderr } = await rehearse('--release', '1.0');
      expect([status, stderr]).toEqual([0, '']);
      expect(stdout).toContain('All 13 steps held');
      // That of the failed one before went when this one held.
      expect(readdirSync(cwd).filter((name) => name.startsWith('out'))).toEqual(['out']);
      const buildId = values('promotion/evidence/release/os-image-build.txt').build_id;
      expect(buildId).toMatch(/^[0-9a-f]{32}$/);
      const boot = 'promotion/evidence/boots/qcow2_disk_seabios/record.txt';
      const record = values(boot);
      expect(record).toMatchObject({
        firmware: 'seabios',
        outcome: 'booted',
        expected_prompt: 'login: ',
        expected_build_id: buildId,
        loader_is_ours: '1',
        kernel_is_ours: '0',
      });
      // The loader, the kernel and the init of a release are known by their lines.
      for (const phase of ['loader', 'kernel', 'init']) expect(record[`phase_${phase}_ms`]).toMatch(/^\d+$/);
      expect(values('rehearsal.txt')).toMatchObject({ rehearsal_status: 'ok', steps_held: '13' });
      for (const name of readdirSync(join(cwd, 'out')).filter((file) => file.endsWith('.txt')))
        parseDocument(readFileSync(join(cwd, 'out', name)));
    },
    TIME_LIMIT,
  );
});
