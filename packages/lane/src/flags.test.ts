// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { LaneError, parseFlags } from './index.js';

const SPECS = {
  image: { value: 'path', required: true, help: 'an image' },
  format: { value: 'choice', choices: ['raw', 'qcow2'], required: true, help: 'its format' },
  firmware: { value: 'choice', choices: ['seabios', 'uefi'], default: 'seabios', help: 'firmware' },
  'memory-mib': { value: 'integer', default: 2048, min: 1, max: 4096, help: 'memory' },
  device: { value: 'text', help: 'a device' },
  'dry-run': { value: 'none', help: 'only print' },
} as const;
const NEEDED = ['--image', 'a', '--format', 'raw'];
const failure = (message: string, code = 'usage') =>
  expect.objectContaining({ code, kind: code === 'usage' ? 'usage' : 'data', message });

describe('parseFlags', () => {
  it('every flag has its type, its default, or undefined', () => {
    const flags = parseFlags(NEEDED, SPECS);
    expectTypeOf(flags).toEqualTypeOf<{
      readonly image: string;
      readonly format: 'raw' | 'qcow2';
      readonly firmware: 'seabios' | 'uefi';
      readonly 'memory-mib': number;
      readonly device: string | undefined;
      readonly 'dry-run': boolean;
    }>();
    expect(flags).toEqual({
      image: 'a',
      format: 'raw',
      firmware: 'seabios',
      'memory-mib': 2048,
      device: undefined,
      'dry-run': false,
    });
  });

  it('a value behind a flag that takes none is told the flag that was meant', () => {
    const specs = {
      version: { value: 'none', help: 'print the version' },
      release: { value: 'text', help: 'a label', insteadOf: 'version' },
    } as const;
    for (const argv of [['--version', '12.1'], ['--version=12.1'], ['--release', 'a', '--version', '12.1']])
      expect(() => parseFlags(argv, specs)).toThrow(
        expect.objectContaining({ code: 'usage', fix: 'write --release 12.1' }),
      );
    expect(() => parseFlags(['--version', 'a b'], specs)).toThrow(
      expect.objectContaining({ fix: 'write --release <value>' }),
    );
    expect(parseFlags(['--version', '--release', '12.1'], specs)).toEqual({ version: true, release: '12.1' });
    // Where no flag is meant by it, it is a stray word as any other.
    expect(() => parseFlags(['--version', '12.1'], { version: specs.version })).toThrow(
      'unexpected argument',
    );
  });

  it('many paths behind one flag take no longer than as many apart', () => {
    // With a copy of the list for each of them this takes longer than a test may.
    const paths = Array.from({ length: 50_000 }, (_, index) => `a${index}`);
    const { sbom } = parseFlags(['--sbom', ...paths], { sbom: { value: 'paths', help: '' } });
    expect(sbom).toEqual(paths);
  });

  it('a value stands behind its flag or behind =, in any order', () => {
    expect(
      parseFlags(['--dry-run', '--memory-mib=512', '--format=qcow2', '--image', 'b'], SPECS),
    ).toMatchObject({ image: 'b', format: 'qcow2', 'memory-mib': 512, 'dry-run': true });
  });

  it('any printable text is taken as a value, a leading dash included', () => {
    const texts = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((text) => !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Surrogate}]/u.test(text));
    fc.assert(
      fc.property(texts, (text) => {
        expect(parseFlags([...NEEDED, `--device=${text}`], SPECS).device).toBe(text);
        if (!text.startsWith('--')) {
          expect(parseFlags([...NEEDED, '--device', text], SPECS).device).toBe(text);
        }
      }),
    );
    expect(parseFlags([...NEEDED, '--device', '-rf'], SPECS).device).toBe('-rf');
    expect(parseFlags([...NEEDED, '--device=--x=y'], SPECS).device).toBe('--x=y');
  });

  it('integers are held to their limits', () => {
    for (const [text, value] of [
      ['1', 1],
      ['4096', 4096],
    ] as const) {
      expect(parseFlags([...NEEDED, '--memory-mib', text], SPECS)['memory-mib']).toBe(value);
    }
    for (const text of ['0', '4097', '-1', '1.5', '0x10', '1e3', '2G', ' 1', 'NaN', '9'.repeat(30)]) {
      expect(() => parseFlags([...NEEDED, '--memory-mib', text], SPECS)).toThrow(
        failure(`--memory-mib: expected a whole number from 1 to 4096, found ${JSON.stringify(text)}`),
      );
    }
  });

  it.each<[string, string[], string]>([
    ['an unknown flag', ['--frobnicate'], 'unknown flag --frobnicate; see --help'],
    ['an unknown flag with a value', ['--frobnicate=1'], 'unknown flag --frobnicate; see --help'],
    ['a name that every object has', ['--constructor'], 'unknown flag --constructor; see --help'],
    ['another one', ['--__proto__=1'], 'unknown flag --__proto__; see --help'],
    ['a short flag', ['-q'], 'unknown flag -q; see --help'],
    ['capitals', ['--Image', 'a'], 'unknown flag --Image; did you mean --image?'],
    ['a slip', ['--imagee', 'a'], 'unknown flag --imagee; did you mean --image?'],
    ['another slip', ['--imgae', 'a'], 'unknown flag --imgae; did you mean --image?'],
    ['a beginning', ['--mem', '1'], 'unknown flag --mem; did you mean --memory-mib?'],
    ['a negation', ['--no-dry-run'], 'unknown flag --no-dry-run; see --help'],
    ['a flag twice', [...NEEDED, '--image', 'b'], '--image: given twice'],
    ['a switch twice', [...NEEDED, '--dry-run', '--dry-run'], '--dry-run: given twice'],
    ['the same value twice', [...NEEDED, '--format=raw'], '--format: given twice'],
    ['no value at the end', ['--image'], '--image: expected a path, found nothing'],
    ['an empty value', ['--image', ''], '--image: expected a path, found an empty value'],
    ['an empty value behind =', ['--image='], '--image: expected a path, found an empty value'],
    ['the next flag as value', ['--image', '--format'], '--image: expected a path, found "--format"'],
    ['a value for a switch', ['--dry-run=1'], '--dry-run: takes no value'],
    ['an empty value for a switch', ['--dry-run='], '--dry-run: takes no value'],
    ['a value outside the choices', ['--format', 'vdi'], '--format: expected raw or qcow2, found "vdi"'],
    ['a choice in capitals', ['--format', 'RAW'], '--format: expected raw or qcow2, found "RAW"'],
    ['a missing flag', ['--format', 'raw'], '--image: required, a path'],
    ['a missing choice', ['--image', 'a'], '--format: required, raw or qcow2'],
    ['a word without a flag', [...NEEDED, 'b'], 'unexpected argument "b"'],
    ['an empty word', [...NEEDED, ''], 'unexpected argument ""'],
    ['a word behind a switch', [...NEEDED, '--dry-run', 'yes'], 'unexpected argument "yes"'],
    ['the end of flags', [...NEEDED, '--'], 'unexpected argument --'],
    ['a lone dash', ['-'], 'unexpected argument "-"'],
  ])('the command line is refused for %s', (_, argv, message) => {
    expect(() => parseFlags(argv, SPECS)).toThrow(LaneError);
    expect(() => parseFlags(argv, SPECS)).toThrow(failure(message));
  });

  it.each([
    'a\nb',
    'a\tb',
    '\u001b[2J',
    '\u007f',
    '\u009b2J',
    '\u2028',
    '\r',
    '\ud800',
    'a\u202e',
    'a\u200bb',
    'a\ufffdb',
  ])('a value of %j is refused as data that no document can hold', (value) => {
    for (const flag of ['--image', '--device']) {
      expect(() => parseFlags([flag, value], SPECS)).toThrow(
        expect.objectContaining({ code: 'unsafe-value', kind: 'data' }),
      );
    }
  });

  it('everything behind -- belongs to the flag that takes the rest, whatever it looks like', () => {
    const specs = {
      kind: { value: 'text', help: '' },
      command: { value: 'texts', rest: true, help: '' },
    } as const;
    expect(parseFlags(['--kind', 'a', '--', 'dd', '--help', '--kind', '-'], specs)).toEqual({
      kind: 'a',
      command: ['dd', '--help', '--kind', '-'],
    });
    expect(parseFlags(['--kind=a', '--'], specs).command).toEqual([]);
    expect(() => parseFlags(['--', 'a\nb'], specs)).toThrow(
      expect.objectContaining({ code: 'unsafe-value' }),
    );
    expect(() => parseFlags(['dd'], specs)).toThrow('unexpected argument "dd"');
  });

  it('the likelier of two flags is suggested', () => {
    const specs = {
      iso: { value: 'path', help: '' },
      'iso-sbom': { value: 'path', help: '' },
      'iso-signature': { value: 'path', help: '' },
    } as const;
    for (const [name, meant] of [
      ['iso-sbm', 'iso-sbom'],
      ['iso-sign', 'iso-signature'],
      ['is', 'iso'],
      ['isos', 'iso'],
      ['iso-signature-path', 'iso-signature'],
    ]) {
      expect(() => parseFlags([`--${name}`, 'a'], specs)).toThrow(`did you mean --${meant}?`);
    }
  });

  it('parseFlags never ends in anything but values or a LaneError', () => {
    const word = fc.oneof(
      fc.constantFrom('--image', '--format', 'raw', '--dry-run', '--', '-', '--=', '-i', '--image=x', ''),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (argv) => {
        try {
          expect(parseFlags(argv, SPECS)).toHaveProperty('image');
        } catch (error) {
          expect(error).toBeInstanceOf(LaneError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a flag that takes texts', () => {
  const specs = {
    expect: { value: 'texts', help: 'what to expect' },
    deep: { value: 'none', help: 'look deeper' },
  } as const;

  it('several texts are taken, behind one flag each, in their order and as they are', () => {
    const flags = parseFlags(['--expect', 'a b ', '--deep', '--expect=--c'], specs);
    expectTypeOf(flags.expect).toEqualTypeOf<readonly string[]>();
    expect(flags).toEqual({ expect: ['a b ', '--c'], deep: true });
    expect(parseFlags([], specs).expect).toEqual([]);
  });

  it.each([
    [['--expect'], '--expect: expected a value, found nothing'],
    [['--expect', 'a', 'b'], 'unexpected argument "b"'],
    [['--expect', 'a', '--expect', ''], '--expect: expected a value, found an empty value'],
    [['--expect', '--deep'], '--expect: expected a value, found "--deep"'],
  ])('the texts of %j are refused', (argv, message) => {
    expect(() => parseFlags(argv, specs)).toThrow(failure(message));
  });
});

describe('a path that may stand alone', () => {
  const OPERAND = { file: { value: 'path', required: true, operand: true, help: 'a file' } } as const;

  it.each([[['a.json']], [['--file', 'a.json']], [['--file=a.json']]])('%j names the same file', (argv) => {
    expect(parseFlags(argv, OPERAND)).toEqual({ file: 'a.json' });
  });

  it.each([[['a', 'b']], [['--file', 'a', 'b']], [['']], [['a\u202e']]])('%j is refused', (argv) => {
    expect(() => parseFlags(argv, OPERAND)).toThrow(LaneError);
  });

  it('the lane without it ends with what is missing', () => {
    expect(() => parseFlags([], OPERAND)).toThrow(failure('--file: required, a path'));
  });
});

it('several values that may stand alone are taken in their order, around those that have their flag', () => {
  const specs = {
    image: { value: 'path', required: true, operand: true, help: 'an image' },
    path: { value: 'text', operand: true, default: '', help: 'a path in it' },
    deep: { value: 'none', help: 'look deeper' },
  } as const;
  expect(parseFlags(['a', '--deep', 'b'], specs)).toEqual({ image: 'a', path: 'b', deep: true });
  expect(parseFlags(['--image', 'a', 'b'], specs)).toEqual({ image: 'a', path: 'b', deep: false });
  expect(() => parseFlags(['b', '--image', 'a'], specs)).toThrow(failure('--image: given twice'));
  expect(() => parseFlags(['a', 'b', 'c'], specs)).toThrow(failure('unexpected argument "c"'));
});

describe('a flag that takes paths', () => {
  const specs = {
    record: { value: 'paths', help: 'records' },
    deep: { value: 'none', help: 'look deeper' },
  } as const;

  it('several paths are taken, behind one flag or one each, in their order', () => {
    const flags = parseFlags(['--record', 'a', 'b', '--deep', '--record=c', 'd'], specs);
    expectTypeOf(flags.record).toEqualTypeOf<readonly string[]>();
    expect(flags).toEqual({ record: ['a', 'b', 'c', 'd'], deep: true });
    expect(parseFlags([], specs).record).toEqual([]);
  });

  it.each([
    [['--record'], '--record: expected a path, found nothing'],
    [['--record', 'a', ''], '--record: expected a path, found an empty value'],
    [['--record', '--deep'], '--record: expected a path, found "--deep"'],
    [['--record', 'a', '--deep', 'b'], 'unexpected argument "b"'],
    [['a', '--record', 'b'], 'unexpected argument "a"'],
  ])('the paths of %j are refused', (argv, message) => {
    expect(() => parseFlags(argv, specs)).toThrow(failure(message));
  });

  it('a required flag for paths has to be given', () => {
    const required = { record: { value: 'paths', required: true, help: '' } } as const;
    expect(() => parseFlags([], required)).toThrow(failure('--record: required, a path'));
  });

  it('a path that would not stay on its line is refused among several', () => {
    const refused = expect.objectContaining({ code: 'unsafe-value', kind: 'data' });
    expect(() => parseFlags(['--record', 'a', 'b\nc'], specs)).toThrow(refused);
  });
});
