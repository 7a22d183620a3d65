// SPDX-License-Identifier: Apache-2.0
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateEd25519Key, NAMESPACES, parseAllowedSigners, takeSigningKey } from '@latticra/signature';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GOOD_LOG, layRecord, REFUSAL_LOG, REFUSED, sum } from '../../test/record.js';
import { gatherRecords } from '../record/gather.js';
import { bootRecord, namesIn } from '../record/record.js';
import { summaryOf } from '../record/summary.js';
import { type GatherSummariesOptions, gatherSummaries, gatherSummariesBy } from './gather.js';
import { type JudgeOptions, startJudge } from './there.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'latticra-summaries-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(cwd, { recursive: true });
});
const at = (...names: string[]) => join(cwd, ...names);

/** The name of the folder of a record, in the order of which they are gathered. */
const nameOf = (index: number) => `i${String(index).padStart(3, '0')}_cdrom_bios`;

/** Lays so many records, and what is none between them. */
function lay(count: number, log = GOOD_LOG): void {
  for (let index = 0; index < count; index += 1) {
    const imageName = `i${String(index).padStart(3, '0')}`;
    layRecord(at('records'), log, { imageName, caseName: nameOf(index) });
  }
  mkdirSync(at('records/i001-without-a-record'));
  writeFileSync(at('records/i002-file'), '');
  layRecord(at('records'), REFUSAL_LOG, REFUSED);
}

const alone = async (options?: GatherSummariesOptions) =>
  (await gatherRecords(at('records'), options)).map(summaryOf);
const byTwo = (options: GatherSummariesOptions = {}, changes: Partial<JudgeOptions> = {}) =>
  gatherSummariesBy(at('records'), options, () => (judge) => startJudge({ ...judge, ...changes }));
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => expect.fail('all of them hold'),
    (error: unknown) => error as Error & { code?: string; fix?: string },
  );
const descriptors = () => readdirSync('/proc/self/fd').length;

describe('records that two threads share', () => {
  it.each([false, true])(
    'two threads give the records in the order of their names, as one thread does; the process may go about: %s',
    async (mayChangeDirectory) => {
      lay(70);
      const here = process.cwd();
      const expected = await alone();
      expect(expected).toHaveLength(71);
      expect(await byTwo({ mayChangeDirectory })).toStrictEqual(expected);
      expect(await gatherSummaries(at('records'), { mayChangeDirectory })).toStrictEqual(expected);
      expect(process.cwd()).toBe(here);
    },
  );

  it('a folder without records gives none', async () => {
    mkdirSync(at('records'));
    expect(await byTwo()).toEqual([]);
    await expect(gatherSummaries(at('none'))).rejects.toMatchObject({ code: 'not-found' });
  });

  it('records are verified here where more than 16 MiB wait for the other thread', async () => {
    lay(40);
    const judge = vi.fn();
    const busy = { waiting: 16 << 20, judge, finish: async () => {}, end: async () => {} };
    expect(await gatherSummariesBy(at('records'), {}, () => () => busy)).toStrictEqual(await alone());
    expect(judge).not.toHaveBeenCalled();
  });

  it('long logs are read and handed over a mebibyte at a time', async () => {
    lay(6, `${'x'.repeat(400_000)}\n${GOOD_LOG}`);
    const handed: number[] = [];
    const found = await gatherSummariesBy(at('records'), {}, () => (options) => {
      const thread = startJudge(options);
      return {
        ...thread,
        get waiting() {
          return thread.waiting;
        },
        judge(turn) {
          handed.push(turn.records.length);
          thread.judge(turn);
        },
      };
    });
    expect(found).toStrictEqual(await alone());
    expect(handed).toEqual([3, 3, 1]);
  });

  it('a folder of more than five hundred records starts a thread by itself, and one of fewer does not', async () => {
    lay(2);
    const start = vi.fn(() => undefined);
    await gatherSummariesBy(at('records'), {}, start);
    expect(start).toHaveBeenCalledWith(5);
    for (let index = 0; index < 520; index += 1) {
      cpSync(at('records', nameOf(0)), at('records', `copy-${index}`), { recursive: true });
    }
    expect(await gatherSummaries(at('records'))).toStrictEqual(await alone());
  });
});

/** Ways to spoil a record, by where it is found out: what is read here, and what the other thread looks into. */
const SPOILS: Record<string, (folder: string) => void> = {
  'a link in place of its log': (folder) => {
    rmSync(join(folder, 'serial.log'));
    symlinkSync('qemu-argv.txt', join(folder, 'serial.log'));
  },
  'a folder in place of the record': (folder) => {
    rmSync(join(folder, 'record.txt'));
    mkdirSync(join(folder, 'record.txt'));
  },
  'a log that is too large': (folder) => truncateSync(join(folder, 'serial.log'), (32 << 20) + 1),
  'a log that is not there': (folder) => rmSync(join(folder, 'serial.log')),
  'a log that was edited': (folder) => writeFileSync(join(folder, 'serial.log'), 'edited\n'),
  'a record that is none': (folder) => writeFileSync(join(folder, 'record.txt'), 'none\n'),
  'an empty record': (folder) => writeFileSync(join(folder, 'record.txt'), ''),
  'a signature that is none': (folder) => writeFileSync(join(folder, 'record.txt.sig'), 'none\n'),
};

describe('a record that does not hold', () => {
  it.each(Object.entries(SPOILS))(
    '%s is refused as by one thread, wherever it stands, and the first of several is told',
    async (_, spoil) => {
      lay(60);
      const open = descriptors();
      for (const index of [59, 33, 17, 16, 0]) {
        spoil(at('records', nameOf(index)));
        const expected = await failureOf(alone());
        expect(expected.message).toContain(nameOf(index));
        const found = await failureOf(byTwo({ mayChangeDirectory: true }));
        const told = ({ name, message, code, fix }: typeof found) => ({ name, message, code, fix });
        expect(told(found)).toEqual(told(expected));
      }
      expect(descriptors()).toBe(open);
    },
  );

  it.each([
    [1, 2],
    [2, 1],
    [1, 40],
    [40, 1],
  ])(
    'the first of two faults is told, one of reading at %i and one of judging at %i',
    async (read, judged) => {
      lay(60);
      SPOILS['a link in place of its log']?.(at('records', nameOf(read)));
      SPOILS['a log that was edited']?.(at('records', nameOf(judged)));
      expect((await failureOf(byTwo())).message).toBe((await failureOf(alone())).message);
      expect((await failureOf(byTwo())).message).toContain(nameOf(Math.min(read, judged)));
    },
  );

  it('a record that held when it was looked at once more is refused all the same', async () => {
    lay(20);
    const source = `const { parentPort } = require('node:worker_threads');
      parentPort.on('message', ({ place }) =>
        parentPort.postMessage({ turn: place, report: { place, failure: 'its log was edited' } }));`;
    expect(await failureOf(byTwo({}, { source }))).toMatchObject({
      code: 'changed',
      message: `${at('records')}: held another record a moment ago: its log was edited`,
      fix: expect.stringMatching(/\w/),
    });
  });
});

describe('a second thread that does not do its work', () => {
  it.each([
    ['ends', 'process.exit(3)'],
    ['ends with a turn in hand', "require('node:worker_threads').parentPort.once('message', () => {})"],
    ['throws', "throw new Error('broken')"],
  ])('a thread that %s is told, and no record counts', async (_, source) => {
    lay(40);
    const open = descriptors();
    const error = await failureOf(byTwo({}, { source }));
    expect(error).toMatchObject({
      code: 'io',
      message: `${at('records')}: the thread that verifies its records did not do its work`,
      fix: expect.stringContaining('memory'),
    });
    expect(descriptors()).toBe(open);
  });
});

describe('what a second thread is given', () => {
  it('signatures count there as they do here', async () => {
    lay(3);
    const key = generateEd25519Key('one');
    writeFileSync(at('key'), key.privateFile, { mode: 0o600 });
    const signer = await takeSigningKey(at('key'), { cwd, env: { PATH: '' } });
    const list = `one namespaces="latticra-boot" ${key.publicLine}`;
    const signers = {
      allowed: parseAllowedSigners(Buffer.from(list)),
      revoked: new Set<string>(),
      at: new Date(),
    };
    for (const name of [nameOf(0), nameOf(1), REFUSED.caseName]) {
      await signer.sign(at('records', name, 'record.txt'), NAMESPACES.boot);
    }
    expect((await failureOf(byTwo({ signers }))).message).toMatch(
      /i002_cdrom_bios.*has no signature beside it/,
    );
    await signer.sign(at('records', nameOf(2), 'record.txt'), NAMESPACES.boot);
    expect(await byTwo({ signers })).toStrictEqual(await alone({ signers }));
    const revoked = new Set([key.key.publicKey.fingerprint]);
    expect((await failureOf(byTwo({ signers: { ...signers, revoked } }))).message).toMatch(/its signature: /);
  });

  it('the files that a record names are known before it is parsed, and no others', () => {
    const screenshot = { name: 'screen.png', sha256: sum('') };
    for (const changes of [{}, { screenshot }]) {
      const folder = layRecord(at('records'), GOOD_LOG, changes);
      const text = bootRecord.format(bootRecord.parse(readFileSync(join(folder, 'record.txt'))));
      const expected = ['serial.log', 'qemu-argv.txt', ...('screenshot' in changes ? ['screen.png'] : [])];
      expect(namesIn(Buffer.from(text))).toEqual(expected);
    }
    expect(
      namesIn(Buffer.from('serial_log_path=../x.log\nother_path=a.log\nscreenshot_path=none\n')),
    ).toEqual([]);
  });
});
