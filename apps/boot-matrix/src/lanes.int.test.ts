// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { biosGuest, GUEST_EXIT_CODE } from '../../../tools/testing/guest.js';
import { documentValues, tryLane } from '../../../tools/testing/lane.js';
import { itWith } from '../../../tools/testing/tools.js';
import { program } from './program.js';

const QEMU = 'qemu-system-x86_64';
const MATRIX = `schema = "latticra.boot-matrix/v0.1"
timeout_seconds = 30
memory_mib = 64
[expect]
lines = ["up"]
[machines.i440fx]
machine = "pc-i440fx"
firmware = "seabios"
[images.ends]
path = "ends.raw"
format = "raw"
attach = ["disk"]
exit_code = ${GUEST_EXIT_CODE}
[images.stays]
path = "stays.raw"
format = "raw"
attach = ["disk"]
`;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'latticra-boot-matrix-'));
  writeFileSync(join(cwd, 'boot-matrix.toml'), MATRIX);
  writeFileSync(join(cwd, 'ends.raw'), biosGuest('up\n'));
  writeFileSync(join(cwd, 'stays.raw'), biosGuest('up\n', 'hang'));
  // Says something else, and ends as the first does.
  writeFileSync(join(cwd, 'other.raw'), biosGuest('down\n'));
});
afterAll(() => rmSync(cwd, { recursive: true }));

function run(name: string, ...argv: string[]) {
  const lane = program.lanes[name] ?? expect.fail(`no lane ${name}`);
  return tryLane(lane, argv, { cwd, env: process.env });
}

describe('list', () => {
  it('the list lane prints the cases as text, and as JSON that a CI service takes', async () => {
    expect((await run('list')).stdout).toBe('ends_disk_i440fx\nstays_disk_i440fx\n');
    expect(JSON.parse((await run('list', '--json')).stdout)).toEqual({
      include: [
        { case: 'ends_disk_i440fx', image: 'ends', attach: 'disk', machine: 'i440fx' },
        { case: 'stays_disk_i440fx', image: 'stays', attach: 'disk', machine: 'i440fx' },
      ],
    });
  });

  it('the list lane says what is wrong with a matrix', async () => {
    writeFileSync(join(cwd, 'bad.toml'), MATRIX.replace('format = "raw"', 'format = "img"'));
    const { status, stderr } = await run('list', '--matrix', 'bad.toml');
    expect([status, stderr]).toEqual([65, expect.stringMatching(/bad\.toml: images\.ends\.format: /)]);
  });
});

describe('run, merge and table', () => {
  itWith(
    [QEMU],
    'run, merge and table take a matrix to one table',
    async () => {
      const booted = await run('run');
      expect([booted.status, booted.stderr]).toEqual([0, '']);
      expect(booted.stdout).toMatch(/^ends_disk_i440fx booted \S+ s\nstays_disk_i440fx booted \S+ s\n$/);

      const ends = join(cwd, 'build/boot-matrix/records/ends_disk_i440fx');
      expect(documentValues(readFileSync(join(ends, 'record.txt'), 'utf8'))).toMatchObject({
        outcome: 'booted',
        end_kind: 'exit',
        end_exit_code: `${GUEST_EXIT_CODE}`,
        qemu_machine_resolved: expect.stringMatching(/^pc-i440fx-\d/),
        firmware_code_sha256_after: expect.stringMatching(/^sha256:/),
        bootable_os_ready: '0',
      });
      const stays = join(cwd, 'build/boot-matrix/records/stays_disk_i440fx');
      expect(documentValues(readFileSync(join(stays, 'record.txt'), 'utf8'))).toMatchObject({
        outcome: 'booted',
        end_kind: 'stopped',
        screenshot_path: 'screenshot.png',
      });

      const merge = () => run('merge', '--from', 'build/boot-matrix/records', '--into', 'merged');
      expect((await merge()).stdout).toBe('2 records added, 0 known already\n');
      expect((await merge()).stdout).toBe('0 records added, 2 known already\n');
      const table = await run('table', '--records', 'merged');
      expect([table.status, table.stdout]).toEqual([
        0,
        expect.stringMatching(
          /^image +attach +i440fx\nends +disk +booted [\s\S]*\nAll 2 cases are as expected\.\n$/,
        ),
      ]);
    },
    120_000,
  );

  itWith(
    [QEMU],
    'the run lane keeps the record of a boot that failed',
    async () => {
      writeFileSync(join(cwd, 'failing.toml'), MATRIX.replace('ends.raw', 'other.raw'));
      const failing = ['--matrix', 'failing.toml'];
      const result = await run('run', ...failing, '--case', 'ends_disk_i440fx', '--output-dir', 'failed');
      expect([result.status, result.stderr]).toEqual([
        70,
        expect.stringMatching(
          /^latticra-boot-matrix run: ends_disk_i440fx failed: missing-line: no line "up" .*look into failed\n$/,
        ),
      ]);
      expect(readdirSync(join(cwd, 'failed/ends_disk_i440fx'))).toContain('record.txt');
      const table = await run('table', ...failing, '--records', 'failed');
      expect(table.status).toBe(70);
      expect(table.stdout).toMatch(
        /FAILED[\s\S]*\nends_disk_i440fx: .*\nstays_disk_i440fx: has no record\n$/,
      );
    },
    60_000,
  );

  itWith(
    [QEMU],
    'the run lane boots one image without a matrix, as what it is found to be, and takes what it has to show from flags',
    async () => {
      const image = ['--image', 'stays.raw', '--memory-mib', '64', '--timeout-seconds', '30'];
      const { status, stdout, stderr } = await run(
        'run',
        ...[...image, '--expect-line', 'up', '--output-dir', 'one'],
      );
      expect([status, stderr, stdout]).toEqual([
        0,
        '',
        expect.stringMatching(/^raw_disk_seabios booted \S+ s\n$/),
      ]);
      const record = documentValues(readFileSync(join(cwd, 'one/raw_disk_seabios/record.txt'), 'utf8'));
      expect(record).toMatchObject({ image_format: 'raw', qemu_machine: 'pc-i440fx', firmware: 'seabios' });
    },
    60_000,
  );

  it.each([
    [['--image', 'ends.raw'], /--image: nothing is expected of the boot of ends\.raw; say what/],
    [['--expect-line', 'up'], /--expect-line: is of the image that --image names, and there is none/],
    [
      ['--image', 'ends.raw', '--expect-line', 'up', '--case', 'x'],
      /--case: an image that is booted by itself/,
    ],
    [['--image', 'ends.raw', '--expect-line', 'up', '--matrix', 'boot-matrix.toml'], /--matrix: an image/],
  ])('the run lane refuses the flags %j', async (argv, reason) => {
    const { status, stderr } = await run('run', ...argv);
    expect([status, stderr]).toEqual([64, expect.stringMatching(reason)]);
  });

  it('the run lane says that an image is missing', async () => {
    const { status, stderr } = await run('run', '--image', 'none.iso', '--expect-line', 'up');
    expect([status, stderr]).toEqual([66, expect.stringMatching(/none\.iso/)]);
  });

  it('the merge lane refuses a folder that has no record', async () => {
    const { status, stdout, stderr } = await run('merge', '--from', '.', '--into', 'nothing');
    expect([status, stdout]).toEqual([66, '']);
    expect(stderr).toBe(
      `latticra-boot-matrix merge: ${cwd}: holds no record; name the folder that run was given as --output-dir, with the folders of its cases\n`,
    );
    expect(readdirSync(cwd)).not.toContain('nothing');
  });

  it('the run lane needs QEMU, and says which package has it', async () => {
    const lane = program.lanes.run ?? expect.fail('no lane run');
    const { status, stderr } = await tryLane(lane, [], { cwd, env: { PATH: '/nowhere' } });
    expect([status, stderr]).toEqual([69, expect.stringMatching(/qemu-system-x86_64.*install/)]);
  });

  it('the run lane refuses a case that the matrix does not have', async () => {
    const { status, stderr } = await run('run', '--case', 'x');
    expect([status, stderr]).toEqual([64, expect.stringMatching(/no case "x".*ends_disk_i440fx/)]);
  });
});
