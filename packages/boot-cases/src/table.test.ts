// SPDX-License-Identifier: Apache-2.0
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSeed, SEED_FILE } from '@latticra/boot-seed';
import { readSerial } from '@latticra/vm-run';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  commandOf,
  ENDED,
  GOOD_LOG,
  goodRecord,
  layRecord,
  matrix,
  REFUSAL_LOG,
  REFUSED,
  sum,
} from '../test/record.js';
import {
  findImageParts,
  formatTable,
  gatherRecords,
  type ImageParts,
  judge,
  measureImages,
  mergeRecords,
  tabulate,
} from './index.js';

let base: string;
const at = (name: string) => join(base, name);
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'latticra-merge-'));
});
afterEach(() => rmSync(base, { recursive: true }));

/** Writes a record of every case into the folder `name`. */
function layAll(name: string): void {
  for (const [imageName, attach] of [
    ['iso', 'cdrom'],
    ['iso', 'usb'],
    ['disk', 'disk'],
  ] as const) {
    const own =
      imageName === 'disk'
        ? ({ imageName, attach, imageFormat: 'qcow2', evidence: { lines: ['login'], exitCode: 33 } } as const)
        : ({ imageName, attach } as const);
    const log = imageName === 'disk' ? 'login\n' : GOOD_LOG;
    layRecord(at(name), log, { ...own, caseName: `${imageName}_${attach}_bios` });
    layRecord(at(name), REFUSAL_LOG, { ...REFUSED, ...own, caseName: `${imageName}_${attach}_secure` });
  }
}
const IMAGES = new Map(['iso', 'disk'].map((name) => [name, 'a'.repeat(64)]));
const table = async (name: string) => tabulate(matrix(), await gatherRecords(at(name)), IMAGES);

describe('the table', () => {
  it('the table has a row for each image and way of attaching it, and a column for each machine', async () => {
    layAll('all');
    const result = await table('all');
    expect(result.problems).toEqual([]);
    expect(formatTable(matrix(), result)).toBe(
      [
        'image  attach  bios          secure',
        'iso    cdrom   booted 0.4 s  refused 0.4 s',
        'iso    usb     booted 0.4 s  refused 0.4 s',
        'disk   disk    booted 0.4 s  refused 0.4 s',
        '',
      ].join('\n'),
    );
  });

  it('the table names a case without a record', async () => {
    layAll('all');
    rmSync(at('all/iso_usb_bios'), { recursive: true });
    const { problems } = await table('all');
    expect(problems).toEqual(['iso_usb_bios: has no record']);
  });

  it('the table shows a boot that failed, and a loader that booted where it had to be refused', async () => {
    layAll('all');
    layRecord(at('all'), 'OK\n');
    layRecord(at('all'), GOOD_LOG, { ...REFUSED, ...ENDED });
    const result = await table('all');
    expect(result.problems).toHaveLength(2);
    expect(result.problems[0]).toMatch(/^iso_cdrom_bios: .*failed \(missing-line: no line "ID 1"/);
    expect(result.problems[1]).toMatch(/^iso_cdrom_secure: .*booted, expected a refusal/);
    expect(formatTable(matrix(), result)).toContain('FAILED');
  });

  it('the table does not count a record of another image, matrix or machine', async () => {
    layAll('all');
    layRecord(at('all'), GOOD_LOG, { imageBefore: 'd'.repeat(64), imageAfter: 'd'.repeat(64) });
    expect((await table('all')).problems.join()).toMatch(/another image/);
    layAll('all');
    layRecord(at('all'), GOOD_LOG, { evidence: { lines: ['OK'], exitCode: 33 } });
    expect((await table('all')).problems).toEqual([
      expect.stringMatching(/^iso_cdrom_bios: .*another matrix/),
    ]);
    layRecord(at('all'), GOOD_LOG, { caseName: 'iso_cdrom_arm', machineName: 'arm' });
    expect((await table('all')).problems).toContainEqual(
      expect.stringMatching(/^iso_cdrom_arm: .*not a case of this matrix/),
    );
  });
});

/** Makes a matrix of so many images, and a record of every case that counts how often somebody looks at it. */
function counted(count: number) {
  const [iso] = matrix().images;
  if (iso === undefined) expect.fail('no image');
  const images = Array.from({ length: count }, (_, index) => ({ ...iso, name: `i${index}` }));
  const digests = new Map(images.map(({ name }) => [name, 'a'.repeat(64)]));
  let looks = 0;
  const records = images.flatMap(({ name: imageName }) =>
    (['cdrom', 'usb'] as const).map((attach) => {
      const record = goodRecord(GOOD_LOG, { imageName, attach, caseName: `${imageName}_${attach}_bios` });
      return {
        folder: record.caseName,
        sha256: sum(record.caseName),
        command: { memoryMib: 256 },
        verdict: judge(record, readSerial(Buffer.from(GOOD_LOG))),
        signature: undefined,
        get record() {
          looks += 1;
          return record;
        },
      };
    }),
  );
  const machines = matrix().machines.filter(({ name }) => name === 'bios');
  return { matrix: { ...matrix(), images, machines }, records, digests, looks: () => looks };
}

describe('a table of many records', () => {
  it('the table looks at a record as often among many as among few', () => {
    const [few, many] = [20, 200].map((count) => {
      const each = counted(count);
      expect(tabulate(each.matrix, each.records, each.digests).problems).toEqual([]);
      return each.looks() / count;
    });
    expect(many).toBe(few);
  });

  it('the table names the first record in order that is of another image, whichever of them is the first of its case', () => {
    const { matrix, records, digests } = counted(1);
    const [one, two] = records;
    if (one === undefined || two === undefined) expect.fail('no records');
    const changed = { ...two, record: { ...two.record, imageBefore: 'd'.repeat(64) }, folder: 'changed' };
    expect(tabulate(matrix, [one, changed, { ...changed, folder: 'later' }], digests).problems).toEqual([
      'i0_cdrom_bios: changed: is of another image than the other records',
      'i0_usb_bios: i0_cdrom_bios: is of another image than the other records',
    ]);
  });

  it('the table is as wide as the widest of very many rows', () => {
    const [row] = counted(1).matrix.images;
    const [machine] = matrix().machines;
    if (row === undefined || machine === undefined) expect.fail('no image');
    const cells = Array.from({ length: 150_000 }, (_, index) => ({
      case: { name: '', attach: 'usb' as const, machine, image: { ...row, name: `i${index}` } },
      text: 'missing',
      problem: undefined,
    }));
    const text = formatTable({ ...matrix(), machines: [machine] }, { cells, problems: [] });
    expect(text.split('\n').slice(0, 2)).toEqual(['image    attach  bios', 'i0       usb     missing']);
  });
});

describe('what records say to be the own of the seed', () => {
  const sha256 = 'a'.repeat(64);
  const own = { loader: true, kernel: true };

  it('the table believes it of no record whose image was not found to have it', async () => {
    layAll('all');
    layRecord(at('all'), GOOD_LOG, { own });
    const records = await gatherRecords(at('all'));
    const problems = (parts?: ImageParts) => tabulate(matrix(), records, IMAGES, parts).problems;
    const foreign = [
      expect.stringMatching(/^iso_cdrom_bios: .*says that the loader is ours, which was not found/),
    ];
    expect(problems()).toEqual(foreign);
    expect(problems(new Map([['iso', { sha256, own }]]))).toEqual([]);
    expect(problems(new Map([['iso', { sha256, own: { loader: false, kernel: true } }]]))).toEqual(foreign);
    expect(problems(new Map([['iso', { sha256: 'b'.repeat(64), own }]]))).toEqual(foreign);
  });

  it('an image is looked into where a record says so of it, and left out where it is none', async () => {
    writeFileSync(at('os.img'), 'no image');
    const { images } = matrix();
    const here = images.map((image) => ({ ...image, path: at(image.name === 'iso' ? 'os.img' : 'gone') }));
    layAll('all');
    expect(await findImageParts({ images: here }, await gatherRecords(at('all')))).toEqual(new Map());
    layRecord(at('all'), GOOD_LOG, { own });
    expect(await findImageParts({ images: here }, await gatherRecords(at('all')))).toEqual(new Map());
    await buildSeed({
      outputDir: at('seed'),
      toolchain: 'prebuilt',
      buildId: '1',
      env: { PATH: '' },
    });
    const withSeed = here.map((image) => ({ ...image, path: at(`seed/${SEED_FILE.iso}`) }));
    const found = await findImageParts({ images: withSeed }, await gatherRecords(at('all')));
    expect([...found].map(([name, each]) => [name, each.own])).toEqual([['iso', own]]);
  });
});

describe('the images of a table', () => {
  it('the table names an image that was replaced after its boots, or is not there', async () => {
    layAll('all');
    const records = await gatherRecords(at('all'));
    const replaced = tabulate(matrix(), records, new Map([...IMAGES, ['disk', 'd'.repeat(64)]]));
    expect(replaced.problems).toHaveLength(2);
    expect(replaced.problems[0]).toMatch(/^disk_disk_bios: .*image was replaced: \/os\.qcow2 now has/);
    const gone = tabulate(matrix(), records, new Map());
    expect(gone.problems).toHaveLength(6);
    expect(gone.problems[0]).toMatch(/^iso_cdrom_bios: .*\/images\/a\/os\.iso is not there to be measured/);
  });

  it('images are measured by the paths of the matrix, and one that is not there has no digest', async () => {
    writeFileSync(at('os.iso'), 'x');
    const [image, other] = matrix().images;
    if (image === undefined || other === undefined) expect.fail('no images');
    const images = [
      { ...image, path: at('os.iso') },
      { ...other, path: at('none') },
    ];
    expect([...(await measureImages({ images }))]).toEqual([['iso', sum('x')]]);
  });

  it('the table does not count a record of a machine with other memory', async () => {
    layAll('all');
    const folder = layRecord(at('all'), GOOD_LOG, {
      argvRecord: { name: 'qemu-argv.txt', sha256: sum(commandOf({}, 4096)) },
    });
    writeFileSync(join(folder, 'qemu-argv.txt'), commandOf({}, 4096));
    expect((await table('all')).problems).toEqual([
      expect.stringMatching(/^iso_cdrom_bios: .*another matrix/),
    ]);
  });
});

describe('merging', () => {
  it('merging gives the same in any order, and when it is done twice', async () => {
    layAll('one');
    layAll('two');
    layRecord(at('two'), GOOD_LOG, { durationMs: 999 });
    const first = await mergeRecords([at('one'), at('two')], at('into'));
    expect([first.added.length, first.known.length]).toEqual([7, 5]);
    expect((await mergeRecords([at('two')], at('into'))).added).toEqual([]);
    await mergeRecords([at('two'), at('one')], at('other'));
    expect(readdirSync(at('other')).sort()).toEqual(readdirSync(at('into')).sort());
    expect((await table('into')).problems).toEqual([]);
  });

  it('merged records show when two machines disagree', async () => {
    layAll('one');
    layRecord(at('two'), 'OK\n');
    await mergeRecords([at('one'), at('two')], at('into'));
    expect((await table('into')).problems).toEqual([expect.stringMatching(/^iso_cdrom_bios: .*failed/)]);
  });

  it('merging copies nothing when one record does not hold', async () => {
    layAll('one');
    writeFileSync(join(at('one'), 'iso_usb_bios', 'serial.log'), 'edited');
    await expect(mergeRecords([at('one')], at('into'))).rejects.toMatchObject({ code: 'bad-record' });
    expect(() => readdirSync(at('into'))).toThrow();
  });

  it('merging wants a record from every folder that is named', async () => {
    layAll('one');
    mkdirSync(at('empty/not-a-record'), { recursive: true });
    await expect(mergeRecords([at('one'), at('empty')], at('into'))).rejects.toMatchObject({
      code: 'no-records',
      kind: 'input-missing',
      message: `${at('empty')}: holds no record`,
      fix: expect.stringContaining('run'),
    });
    expect(() => readdirSync(at('into'))).toThrow();
    await expect(mergeRecords([at('none')], at('into'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('merging does not take a place that it cannot look at for a free one', async () => {
    layAll('one');
    await mergeRecords([at('one')], at('into'));
    const [a = ''] = readdirSync(at('into'));
    rmSync(join(at('into'), a), { recursive: true });
    symlinkSync(a, join(at('into'), a));
    await expect(mergeRecords([at('one')], at('into'))).rejects.toMatchObject({
      code: 'bad-record',
      message: expect.stringContaining(`${join(at('into'), a)}: holds no record that holds: `),
    });
  });

  it('merging does not take another file in its place for the record', async () => {
    layAll('one');
    await mergeRecords([at('one')], at('into'));
    const [a = '', b = ''] = readdirSync(at('into'));
    rmSync(join(at('into'), a), { recursive: true });
    cpSync(join(at('into'), b), join(at('into'), a), { recursive: true });
    await expect(mergeRecords([at('one')], at('into'))).rejects.toThrow(/holds another record/);
    renameSync(join(at('into'), a, 'record.txt'), join(at('into'), a, 'x'));
    await expect(mergeRecords([at('one')], at('into'))).rejects.toMatchObject({
      code: 'bad-record',
      message: expect.stringContaining('has the name of a record, and holds none'),
    });
  });
});
