// SPDX-License-Identifier: Apache-2.0
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ImageError } from '../../../packages/disk-image/src/index.js';
import { instrument } from '../trace/instrument.js';
import { fuzz } from './fuzz.js';
import { judge } from './judge.js';
import { minimise } from './minimise.js';
import { mutate } from './mutate.js';
import { createRandom } from './random.js';
import { type FuzzInput, type FuzzTarget, hold } from './target.js';

/** A reader whose fault lies behind a mark, a checksum and a number. */
const READER = `
exports.read = (bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) return;
  if (view.getUint32(0) !== 0x4c415454) return;
  let sum = 0;
  for (const byte of bytes.subarray(8)) sum = (sum * 31 + byte) >>> 0;
  if (view.getUint32(4) !== sum) return;
  if (view.getUint16(8) === 0x1234) throw new TypeError('the fault');
};`;

function loadReader(): (bytes: Uint8Array) => void {
  const exported = {};
  const { code } = instrument('reader.js', READER, 0);
  new Function('exports', ts.transpile(code, { target: ts.ScriptTarget.ES2022 }))(exported);
  return (exported as { read: (bytes: Uint8Array) => void }).read;
}

const read = loadReader();
const TARGET: FuzzTarget = {
  name: 'reader',
  seeds: () => [Uint8Array.from({ length: 40 }, (_, index) => index)],
  run: ({ bytes }) => read(bytes),
};

const times = (runs: number) => {
  let done = 0;
  return () => ++done < runs;
};
const faultOf = async (run: (input: FuzzInput) => unknown, bytes = new Uint8Array(8)) =>
  (await judge({ name: 'a', seeds: () => [], run }, bytes)).fault;

describe('fuzz', () => {
  it('a fault behind a mark and a checksum is found, and its input is made small', async () => {
    const { findings } = await fuzz(TARGET, { seed: 1, before: times(5000) });
    expect(findings.map(({ fault }) => fault)).toEqual([expect.stringContaining('TypeError')]);
    expect(findings[0]?.bytes.length).toBeLessThanOrEqual(40);
    expect(() => read(findings[0]?.bytes ?? new Uint8Array())).toThrow('the fault');
  });

  it('a run says the same for the same seed', async () => {
    const run = async () => {
      const { findings, ...result } = await fuzz(TARGET, { seed: 7, before: times(500) });
      return { ...result, findings: findings.map(({ fault, bytes }) => [fault, bytes]) };
    };
    expect(await run()).toEqual(await run());
  });

  it('inputs that a caller gives are tried as well', async () => {
    const given = Buffer.from('4c415454000000000000000000', 'hex');
    const target = { ...TARGET, run: ({ bytes }: FuzzInput) => hold(!given.equals(bytes), 'it is there') };
    const { findings } = await fuzz(target, { seed: 1, seeds: [given], before: times(2) });
    expect(findings[0]?.fault).toMatch(/^Oracle: it is there/);
  });
});

describe('judge', () => {
  it('a refusal and an answer are no findings', async () => {
    expect(await faultOf(() => 1)).toBeUndefined();
    expect(await faultOf(async () => 1)).toBeUndefined();
    expect(
      await faultOf(() => {
        throw new ImageError('corrupt', 'it is');
      }),
    ).toBeUndefined();
  });

  it.each([
    ['a bare error', new RangeError('a'), /^RangeError at tools\/fuzz\/engine\/fuzz.test.ts:/],
    ['a read past the own source', new ImageError('out-of-range', 'a'), /^ImageError out-of-range/],
    ['what is no error', 'text', /^throws what is no error: text$/],
  ])('%s is a finding', async (_, error, expected) => {
    const thrower = () => {
      throw error;
    };
    expect(await faultOf(thrower)).toMatch(expected);
    expect(await faultOf(async () => thrower())).toMatch(expected);
  });

  it('a source that is read again and again is a finding, also where the reader catches that', async () => {
    const into = new Uint8Array(1 << 20);
    const reader = ({ source }: FuzzInput) => {
      for (let index = 0; index < 400; index++) {
        try {
          source.readInto(into, 0);
        } catch {
          // As a reader that makes nothing of a failure.
        }
      }
    };
    expect(await faultOf(reader, into)).toBe('reads more than the input is worth');
  });
});

describe('mutate', () => {
  it('an input is changed, its parent is not, and it keeps to the bound', () => {
    const random = createRandom(3);
    const parent = Buffer.from('a=1\nb=22\n'.repeat(20));
    const before = Buffer.from(parent);
    const material = {
      random,
      ranges: [],
      other: Buffer.from('other'),
      words: [Buffer.from('word')],
      maxBytes: 300,
    };
    const made = Array.from({ length: 3000 }, () => mutate(parent, [[22, 4711]], material));
    expect(parent).toEqual(before);
    expect(Math.max(...made.map(({ length }) => length))).toBeLessThanOrEqual(300);
    expect(new Set(made.map((bytes) => bytes.toString('hex'))).size).toBeGreaterThan(2000);
    expect(made.some((bytes) => bytes.includes('4711'))).toBe(true);
  });
});

describe('minimise', () => {
  it('what does not matter is taken away, or made zero', async () => {
    const bytes = Buffer.from('....................X.........Y......');
    const isBad = async (some: Uint8Array) => Buffer.from(some).includes('X') && some.indexOf(89) % 2 === 0;
    const small = Buffer.from(await minimise(bytes, isBad));
    expect(await isBad(small)).toBe(true);
    expect(small.length).toBeLessThanOrEqual(3);
  });
});
