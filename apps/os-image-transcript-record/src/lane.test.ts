// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatCommand } from '@latticra/shell-words';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { validateTranscript } from '../../../packages/promotion/src/index.js';
import { logOf, SAID, sum } from '../../../packages/promotion/test/transcripts.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { lane } from './lane.js';

const IMAGE = 'an image';
const said = { ...SAID, image: { size: IMAGE.length, sha256: sum(IMAGE) } };

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'transcript-record-'));
  await writeFile(join(cwd, 'image.iso'), IMAGE);
  await writeFile(join(cwd, 'recovery.md'), 'write it again\n');
  await writeFile(join(cwd, 'usb.log'), logOf(said));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const FLAGS = [
  ...['--kind', 'usb-write', '--log', 'usb.log', '--image', 'image.iso', '--runbook', 'recovery.md'],
  ...['--artifact-version', '1.0', '--operator', SAID.operator, '--machine-vendor', 'Lenovo'],
  ...['--machine-model', 'ThinkPad T480', '--machine-serial', SAID.machine.serial, '--device', '/dev/sdb'],
  ...[
    '--device-model',
    'Ultra Fit',
    '--device-serial',
    SAID.device.serial,
    '--device-size-bytes',
    '30752000000',
  ],
  ...['--removable', '--confirm-checksum', '--confirm-no-required-data', '--confirm-consent'],
  ...['--outcome', 'done', '--observed', 'dd wrote all of it'],
];
const COMMAND = ['--', ...SAID.command.split(' ')];
const record = (argv: readonly string[] = [...FLAGS, ...COMMAND]) => tryLane(lane, argv, { cwd });

describe(lane.bin, () => {
  it('a transcript of a log of script is complete, and holds where it is put beside the log', async () => {
    const { status, stdout, stderr } = await record();
    expect([status, stderr]).toEqual([0, '']);
    expect(documentValues(stdout)).toMatchObject({
      command: formatCommand(SAID.command.split(' ')),
      started_at: '2026-11-01T10:00:01Z',
      ended_at: '2026-11-01T10:04:59Z',
      image_sha256: `sha256:${said.image.sha256}`,
      usb_write_executed: '0',
    });
    expect((await readdir(cwd)).sort()).toEqual(['image.iso', 'recovery.md', 'usb.log']);
    await writeFile(join(cwd, 'usb.txt'), stdout);
    expect(validateTranscript('usb.txt', cwd).transcript.log.path).toBe('usb.log');
  });

  it.each([
    ['consent', '--confirm-consent', /operator_consent_recorded/],
    ['a look at the device', '--removable', /target_device_verified_removable/],
  ])('a transcript without %s is refused', async (_, flag, message) => {
    const { status, stdout, stderr } = await record([...FLAGS.filter((each) => each !== flag), ...COMMAND]);
    expect([status, stdout]).toEqual([65, '']);
    expect(stderr).toMatch(message);
  });

  it('a log that does not say when it was made needs the times, and one without the command is refused', async () => {
    await writeFile(join(cwd, 'usb.log'), logOf(said).split('\n').slice(1, -2).join('\n'));
    expect(await record()).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('--started-at: required'),
    });
    const times = ['--started-at', '2026-11-01T10:00:00Z', '--ended-at', '2026-11-01T10:01:00Z'];
    expect(await record([...FLAGS, ...times, ...COMMAND])).toMatchObject({ status: 0 });
    const other = await record([...FLAGS, ...times, '--', 'dd', 'if=/dev/zero']);
    expect(other).toMatchObject({ status: 65, stderr: expect.stringContaining('does not show the command') });
    expect(await record([...FLAGS, ...times])).toMatchObject({
      status: 65,
      stderr: expect.stringContaining('command'),
    });
  });
});
