// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

describe(lane.bin, () => {
  it.each(['usb-write', 'install', 'post-install', 'recovery'])(
    'the form of %s names every line, and fills in its kind alone',
    async (kind) => {
      const { status, stdout, stderr } = await tryLane(lane, ['--kind', kind], { cwd: '/' });
      expect([status, stderr]).toEqual([0, '']);
      expect(documentValues(stdout)).toMatchObject({
        transcript_kind: kind,
        transcript_written: '0',
        bootable_os_ready: '0',
      });
      const form = stdout.slice(stdout.indexOf('[required_transcript]'));
      expect(form).toContain(
        `header=LATTICRA OS IMAGE TRANSCRIPT\ntranscript_version=1\ntranscript_kind=${kind}\n`,
      );
      for (const key of [
        'machine_serial',
        'device_serial',
        'started_at',
        'log_sha256',
        'operator_consent_recorded',
      ])
        expect(form).toMatch(new RegExp(`^${key}=<.*>$`, 'm'));
    },
  );

  it('a kind that there is not is a wrong call', async () => {
    expect(await tryLane(lane, ['--kind', 'format'], { cwd: '/' })).toMatchObject({ status: 64, stdout: '' });
  });
});
