// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALICE, BOB, words } from '../../test/keys.js';
import { vector, vectorNames } from '../../test/vectors.js';
import { parseAllowedSigners, SignatureError } from '../index.js';
import { formatTime } from './time.js';

const K = words(ALICE);
const parse = (text: string) => parseAllowedSigners(Buffer.from(text));
const reasonOf = (text: string | Uint8Array) => {
  try {
    parseAllowedSigners(Buffer.from(text));
  } catch (error) {
    if (error instanceof SignatureError && error.code === 'bad-allowed-signers') {
      expect(error.fix).toMatch(/\w/);
      return error.message;
    }
    throw error;
  }
  return 'read';
};

describe('parseAllowedSigners', () => {
  it('a line has names, options and a key, each line its own', () => {
    const text = [
      '# who may sign',
      '',
      ` \talice@example.org\t${K} laptop "of alice"\r`,
      `"bob smith,!eve,*@x" namespaces="latticra-*,!latticra-review",valid-after="20240101Z" ${words(BOB)}`,
      `ca Valid-Before="20300630235959Z",cert-authority ${words(BOB)}`,
    ].join('\n');
    const { signers, authorities } = parse(text);
    expect(signers).toEqual([
      {
        line: 3,
        principals: ['alice@example.org'],
        namespaces: undefined,
        validAfter: undefined,
        validBefore: undefined,
        key: ALICE.key.publicKey,
      },
      {
        line: 4,
        principals: ['bob smith', '!eve', '*@x'],
        namespaces: ['latticra-*', '!latticra-review'],
        validAfter: Date.UTC(2024, 0, 1) / 1000,
        validBefore: undefined,
        key: BOB.key.publicKey,
      },
    ]);
    expect(authorities).toMatchObject([{ line: 5, validBefore: Date.UTC(2030, 5, 30, 23, 59, 59) / 1000 }]);
  });

  it('a list of nobody is read', () => {
    expect(parse('')).toEqual({ signers: [], authorities: [] });
    expect(parse('# nobody\n\n')).toEqual({ signers: [], authorities: [] });
  });

  it('every recorded public key can be listed, but for the RSA key of 1024 bits', () => {
    for (const name of vectorNames('.', '.pub')) {
      const reason = reasonOf(`a ${vector(name)}`);
      expect(reason).toMatch(name === 'rsa1024.pub' ? /^the allowed signers: line 1: .*1024 bits/ : /^read$/);
    }
  });

  it.each<[string, string, RegExp]>([
    ['an unknown option', `a no-touch-required ${K}`, /line 1: unknown option "no-touch-required"/],
    ['an option that an object inherits', `a constructor ${K}`, /unknown option/],
    ['a bad line behind a good one', `a ${K}\nb ${K.slice(0, -8)}\n`, /line 2/],
    ['no name', K, /line 1/],
    ['no key', 'a', /expected <names>/],
    ['no type', `a ${K.split(' ')[1]}`, /line 1/],
    ['a type in capitals', `a ${K.replace('ssh-ed', 'SSH-ED')}`, /line 1/],
    [
      'the type of another key',
      `a ${K.replace('ssh-ed25519', 'ssh-rsa')}`,
      /expected a key of the type "ssh-rsa"/,
    ],
    ['a key apart by a blank', `a ${K.slice(0, -9)} ${K.slice(-9)}`, /line 1/],
    ['a continued line', `a \\\n${K}`, /line 1/],
    ['a DSA key', 'a ssh-dss AAAAB3NzaC1kc3MAAAAA', /ssh-dss/],
    [
      'a certificate',
      `a ssh-ed25519-cert-v01@openssh.com ${Buffer.from('\0\0\0\x20ssh-ed25519-cert-v01@openssh.com').toString('base64')}`,
      /certificate/,
    ],
    ['a byte order mark', `\ufeffa ${K}`, /invisible/],
    ['a NUL', `a ${K} x\0`, /control/],
    ['an invisible character in a comment', `# a\u202e\na ${K}`, /line 1: control/],
    ['a blank behind a comma of names', `a, b ${K}`, /line 1/],
    ['an empty name', `a,,b ${K}`, /expected names/],
    ['a name that is only !', `a,! ${K}`, /expected names/],
    ['quotes within a name', `al"ice"x ${K}`, /line 1/],
    ['quotes that do not end', `"alice ${K}`, /line 1/],
    ['nothing between quotes', `"" ${K}`, /expected names/],
    ['namespaces without quotes', `a namespaces=file ${K}`, /double quotes/],
    ['namespaces without a value', `a namespaces ${K}`, /double quotes/],
    ['no namespace', `a namespaces="" ${K}`, /expected namespaces/],
    ['a blank behind a comma of namespaces', `a namespaces="file, git" ${K}`, /expected namespaces/],
    ['namespaces twice', `a namespaces="x",NAMESPACES="y" ${K}`, /twice/],
    ['a comma before the options', `a ,namespaces="x" ${K}`, /apart by commas/],
    ['a comma behind the options', `a namespaces="x", ${K}`, /apart by commas/],
    ['options apart by a blank', `a namespaces="x" valid-after="20240101Z" ${K}`, /line 1/],
    ['a value that does not end', `a namespaces="x ${K}`, /line 1/],
    ['cert-authority with a value', `a cert-authority="yes" ${K}`, /no value/],
    ['a time without Z', `a valid-after="20240101" ${K}`, /expected a time of UTC/],
    ['31 February', `a valid-after="20240231Z" ${K}`, /expected a time of UTC/],
    ['second 60', `a valid-after="20240101000060Z" ${K}`, /expected a time of UTC/],
    ['hour 24', `a valid-after="202401012400Z" ${K}`, /expected a time of UTC/],
    ['month 13', `a valid-after="20241301Z" ${K}`, /expected a time of UTC/],
    ['1970', `a valid-after="19700101Z" ${K}`, /expected a time of UTC/],
    ['a time in small letters', `a valid-after="20240101z" ${K}`, /expected a time of UTC/],
    ['blanks in a time', `a valid-after="2024 1 1Z" ${K}`, /expected a time of UTC/],
    [
      'an end that is no later than the beginning',
      `a valid-before="20240101Z",valid-after="20240101Z" ${K}`,
      /not later/,
    ],
  ])('a list with %s is refused, with the number of the line', (_, text, reason) => {
    expect(reasonOf(text)).toMatch(reason);
    expect(reasonOf(text)).toMatch(/^the allowed signers: line \d+: /);
  });

  it.each(['\\\\', '\\"', '"\\', '""', '"', 'a"b"', 'a=""'])(
    'a line of many %j is refused at once',
    (part) => {
      for (const before of ['', '"', 'namespaces="']) {
        const begun = performance.now();
        expect(reasonOf(`a ${before}${part.repeat(20_000)} ${K}`)).toMatch(/line 1/);
        expect(performance.now() - begun).toBeLessThan(2000);
      }
    },
  );

  it('a list that is no UTF-8, or longer than any, is refused as a whole', () => {
    expect(reasonOf(Buffer.from([0x61, 0xff, 0x0a]))).toMatch(/expected UTF-8/);
    expect(reasonOf(Buffer.alloc(5 * 1024 * 1024, '#'))).toMatch(/expected at most/);
  });

  it('whatever is written as a line is read back as it was', () => {
    const name = fc.stringMatching(/^[a-z*?@.][a-zA-Z0-9@._*?é-]*$/);
    const second = fc.integer({ min: 1, max: 2 ** 32 });
    const line = fc.record({
      names: fc.array(
        fc.tuple(fc.constantFrom('', '!'), name).map((parts) => parts.join('')),
        { minLength: 1, maxLength: 4 },
      ),
      namespaces: fc.option(fc.array(name, { minLength: 1, maxLength: 3 }), { nil: undefined }),
      from: fc.option(second, { nil: undefined }),
      length: fc.option(second, { nil: undefined }),
      isAuthority: fc.boolean(),
      comment: fc.stringMatching(/^[a-z "=,#]*$/),
    });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), (lines) => {
        const text = lines.map(({ names, namespaces, from, length, isAuthority, comment }) => {
          const until = length === undefined ? undefined : (from ?? 0) + length;
          const options = [
            ...(namespaces === undefined ? [] : [`namespaces="${namespaces.join(',')}"`]),
            ...(isAuthority ? ['cert-authority'] : []),
            ...(from === undefined ? [] : [`valid-after="${formatTime(from)}"`]),
            ...(until === undefined ? [] : [`valid-before="${formatTime(until)}"`]),
          ];
          return [names.join(','), ...(options.length === 0 ? [] : [options.join(',')]), K, comment].join(
            ' ',
          );
        });
        const { signers, authorities } = parse(text.join('\n'));
        expect([...signers, ...authorities].sort((a, b) => a.line - b.line)).toEqual(
          lines.map(({ names, namespaces, from, length }, index) => ({
            line: index + 1,
            principals: names,
            namespaces,
            validAfter: from,
            validBefore: length === undefined ? undefined : (from ?? 0) + length,
            key: ALICE.key.publicKey,
          })),
        );
        expect(authorities).toHaveLength(lines.filter(({ isAuthority }) => isAuthority).length);
      }),
    );
  });
});
