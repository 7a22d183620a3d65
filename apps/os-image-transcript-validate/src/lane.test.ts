// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NAMESPACES } from '@latticra/signature';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { READINESS_CLAIMS } from '../../../packages/evidence-format/src/index.js';
import { ALLOWED, KEYS, signFile } from '../../../packages/promotion/test/keys.js';
import { layTranscript, logOf, SAID } from '../../../packages/promotion/test/transcripts.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'transcript-validate-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe(lane.bin, () => {
  it('the validation says what a transcript was held to, claims nothing, and writes nothing', async () => {
    layTranscript(cwd, 'usb');
    const { status, stdout, stderr } = await tryLane(lane, ['--transcript', 'usb.txt'], { cwd });
    expect([status, stderr]).toEqual([0, '']);
    expect(documentValues(stdout)).toMatchObject({
      transcript_kind: 'usb-write',
      device_serial: SAID.device.serial,
      log_shows_device_serial: '1',
      log_shows_times: '1',
      ...Object.fromEntries(Object.keys(READINESS_CLAIMS).map((claim) => [claim, '0'])),
    });
    expect((await readdir(cwd)).sort()).toEqual(['usb.log', 'usb.txt']);
  });

  it('a transcript is verified against the allowed signers, and has to be signed by its operator', async () => {
    const path = layTranscript(cwd, 'usb');
    await writeFile(join(cwd, 'allowed_signers'), ALLOWED);
    const argv = ['--transcript', 'usb.txt', '--allowed-signers', 'allowed_signers'];
    expect(await tryLane(lane, argv, { cwd })).toMatchObject({
      status: 65,
      stderr: expect.stringContaining('usb.txt.sig is not beside it'),
    });
    signFile(path, NAMESPACES.transcript, KEYS['alice@example.org'], 'sha512');
    const { stdout } = await tryLane(lane, argv, { cwd });
    expect(documentValues(stdout)).toMatchObject({
      signature_status: 'verified',
      signature_principal: SAID.operator,
    });
    const bare = await tryLane(lane, argv.slice(0, 2), { cwd });
    expect(documentValues(bare.stdout)).toMatchObject({
      signature_status: 'present-unverified',
      signature_principal: 'none',
    });
    layTranscript(cwd, 'usb', { operator: 'mallory@example.org' });
    signFile(path, NAMESPACES.transcript, KEYS['alice@example.org']);
    expect(await tryLane(lane, argv, { cwd })).toMatchObject({
      status: 65,
      stderr: expect.stringContaining('its operator is mallory'),
    });
    signFile(path, NAMESPACES.boot, KEYS['machine-1']);
    expect(await tryLane(lane, argv, { cwd })).toMatchObject({ status: 65, stdout: '' });
  });

  it('a transcript that does not hold is one line and 65, and one that is not there is 66', async () => {
    layTranscript(cwd, 'usb', {}, logOf({ ...SAID, device: { ...SAID.device, serial: 'OTHER-1' } }));
    const { status, stdout, stderr } = await tryLane(lane, ['--transcript', 'usb.txt'], { cwd });
    expect([status, stdout, stderr.split('\n').length]).toEqual([65, '', 2]);
    expect(stderr).toMatch(/usb\.txt: its log usb\.log does not show the device/);
    expect(await tryLane(lane, ['--transcript', 'no.txt'], { cwd })).toMatchObject({
      status: 66,
      stdout: '',
    });
  });
});
