// SPDX-License-Identifier: Apache-2.0
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type EvidenceErrorCode, type FieldReader, parseDocument, readFields } from './index.js';

const HEX = '0123456789abcdef'.repeat(4);
const reader = (...lines: string[]) => readFields(parseDocument(`T\n${lines.join('\n')}\n`));

describe('readFields', () => {
  it('reads every type and is content when all was read', () => {
    const read = reader('t=x y', 'f=1', 'g=0', `d=sha256:${HEX}`, 'i=42', 'o=raw', 'e=');
    expect(read.text('t')).toBe('x y');
    expect([read.flag('f'), read.flag('g')]).toEqual([1, 0]);
    expect(read.digest('d')).toBe(HEX);
    expect(read.integer('i')).toBe(42);
    const format = read.oneOf('o', ['raw', 'qcow2']);
    expectTypeOf(format).toEqualTypeOf<'raw' | 'qcow2'>();
    expect(format).toBe('raw');
    expect(() => read.end()).toThrow(expect.objectContaining({ code: 'unexpected', key: 'e' }));
    expect(read.text('e')).toBe('');
    read.end();
  });

  it.each<[string, string, (read: FieldReader) => unknown, EvidenceErrorCode]>([
    ['a missing text', 'a=1', (read) => read.text('b'), 'missing'],
    ['a missing flag', 'a=1', (read) => read.flag('b'), 'missing'],
    ['a missing digest', 'a=1', (read) => read.digest('b'), 'missing'],
    ['a flag of 2', 'a=2', (read) => read.flag('a'), 'wrong-type'],
    ['a flag of true', 'a=true', (read) => read.flag('a'), 'wrong-type'],
    ['a flag of 01', 'a=01', (read) => read.flag('a'), 'wrong-type'],
    ['an empty flag', 'a=', (read) => read.flag('a'), 'wrong-type'],
    ['a flag with a space', 'a=1 ', (read) => read.flag('a'), 'wrong-type'],
    ['a bare digest', `a=${HEX}`, (read) => read.digest('a'), 'wrong-type'],
    ['a capital digest', `a=sha256:${HEX.toUpperCase()}`, (read) => read.digest('a'), 'wrong-type'],
    ['a short digest', `a=sha256:${HEX.slice(1)}`, (read) => read.digest('a'), 'wrong-type'],
    ['a long digest', `a=sha256:${HEX}0`, (read) => read.digest('a'), 'wrong-type'],
    ['a negative integer', 'a=-1', (read) => read.integer('a'), 'wrong-type'],
    ['a padded integer', 'a=007', (read) => read.integer('a'), 'wrong-type'],
    ['a hexadecimal integer', 'a=0x10', (read) => read.integer('a'), 'wrong-type'],
    ['a fraction', 'a=1.0', (read) => read.integer('a'), 'wrong-type'],
    ['an integer past 2^53', 'a=9007199254740993', (read) => read.integer('a'), 'wrong-type'],
    ['another word', 'a=RAW', (read) => read.oneOf('a', ['raw', 'qcow2']), 'wrong-type'],
    ['a name of Object', 'a=1', (read) => read.text('constructor'), 'missing'],
  ])('refuses %s, naming the key', (_, line, read, code) => {
    const key = code === 'missing' ? expect.any(String) : 'a';
    expect(() => read(reader(line))).toThrow(expect.objectContaining({ code, key }));
  });

  it('says what was expected and what was found', () => {
    expect(() => reader('a=yes').flag('a')).toThrow('a: expected 0 or 1, found "yes"');
    expect(() => reader('a=vdi').oneOf('a', ['raw', 'qcow2'])).toThrow(
      'a: expected raw or qcow2, found "vdi"',
    );
  });
});
