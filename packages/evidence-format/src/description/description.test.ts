// SPDX-License-Identifier: Apache-2.0
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  always,
  bit,
  claims,
  type DocumentValue,
  defineDocument,
  derived,
  digest,
  field,
  numbered,
  oneOf,
  optional,
  orNone,
  orWord,
  path,
  section,
  text,
  wholeNumber,
} from '../define.js';
import { EvidenceError } from '../index.js';

const release = defineDocument('EXAMPLE RELEASE', [
  always('release_version', 1),
  field('label', 'label', text),
  field('image_path', 'image.path', path),
  field('image_format', 'image.format', oneOf(['tar', 'tar.gz'])),
  field('image_sha256', 'image.sha256', digest),
  field('signature_path', 'image.signature', orWord(path, 'unsigned-local', 'none')),
  optional('log', [field('log_path', 'path', path), field('log_sha256', 'sha256', digest)], {
    log_path: 'not-kept',
  }),
  field('exit_code', 'exitCode', orNone(wholeNumber)),
  derived('succeeded', ({ exitCode }: { readonly exitCode: number | undefined }) => Number(exitCode === 0)),
  ...claims('bootable_os_ready', 'production_os_claim'),
  section('machine', [field('has_kvm', 'machine.hasKvm', bit), always('machine_kind', 'q35')]),
  numbered('argv', 'argv', text, { prefix: 'argv_' }),
  numbered('lines', 'lines', text, { prefix: 'line_', first: 1, least: 1 }),
]);
type Release = DocumentValue<typeof release>;

const VALUE: Release = {
  label: 'a=b',
  image: { path: 'x.tar', format: 'tar', sha256: 'a'.repeat(64), signature: 'none' },
  log: { path: 'serial.log', sha256: 'b'.repeat(64) },
  exitCode: 0,
  machine: { hasKvm: false },
  argv: ['qemu', '-no-reboot'],
  lines: ['OK'],
};
const TEXT = `EXAMPLE RELEASE
release_version=1
label=a=b
image_path=x.tar
image_format=tar
image_sha256=sha256:${'a'.repeat(64)}
signature_path=none
log_path=serial.log
log_sha256=sha256:${'b'.repeat(64)}
exit_code=0
succeeded=1
bootable_os_ready=0
production_os_claim=0

[machine]
has_kvm=0
machine_kind=q35

[argv]
argv_00=qemu
argv_01=-no-reboot

[lines]
line_01=OK
`;
const edited = (from: string | RegExp, to: string) => TEXT.replace(from, to);

describe('defineDocument', () => {
  it("the type of a document's value is inferred from its lines", () => {
    expectTypeOf<Release>().toEqualTypeOf<{
      readonly label: string;
      readonly image: {
        readonly path: string;
        readonly format: 'tar' | 'tar.gz';
        readonly sha256: string;
        readonly signature: string;
      };
      readonly log: { readonly path: string; readonly sha256: string } | undefined;
      readonly exitCode: number | undefined;
      readonly machine: { readonly hasKvm: boolean };
      readonly argv: readonly string[];
      readonly lines: readonly string[];
    }>();
  });

  it('a line derived from what no line says does not compile', () => {
    // @ts-expect-error there is no duration
    defineDocument('T', [field('a', 'a', text), derived('b', ({ ms }: { readonly ms: number }) => ms)]);
  });

  it('the lines of a document are written in the order of its description', () => {
    expect(release.format(VALUE)).toBe(TEXT);
  });

  it('a described document is read back as it was written', () => {
    expect(release.parse(TEXT)).toEqual(VALUE);
    const bare = { ...VALUE, log: undefined, exitCode: undefined, argv: [] };
    const text = release.format(bare);
    expect(text).toContain('\nlog_path=not-kept\nlog_sha256=none\nexit_code=none\nsucceeded=0\n');
    expect(text).toContain('\n[argv]\n\n[lines]\n');
    expect(release.parse(Buffer.from(text))).toEqual(bare);
  });

  it('a description lists its keys, its outline and a template', () => {
    expect(release.keys).toEqual(TEXT.split('\n\n')[0]?.match(/^\w+(?==)/gm));
    expect(release.template().map(({ key, value }) => `${key}=${value}`)).toEqual([
      'release_version=1',
      'label=<required>',
      'image_path=<path>',
      'image_format=<tar-or-tar.gz>',
      'image_sha256=<sha256>',
      'signature_path=<path-or-unsigned-local-or-none>',
      'log_path=<path-or-not-kept>',
      'log_sha256=<sha256-or-none>',
      'exit_code=<whole-number-or-none>',
      'succeeded=<derived>',
      'bootable_os_ready=0',
      'production_os_claim=0',
    ]);
    expect(release.outline.filter(({ section }) => section !== undefined)).toEqual([
      { section: 'machine', key: 'has_kvm', expected: '0 or 1' },
      { section: 'machine', key: 'machine_kind', expected: 'q35' },
      { section: 'argv', key: 'argv_00', expected: 'a value' },
      { section: 'lines', key: 'line_01', expected: 'a value' },
    ]);
  });

  it('a described document says the same as JSON', () => {
    expect(JSON.parse(release.formatJson(VALUE))).toMatchObject({
      title: 'EXAMPLE RELEASE',
      fields: { image_path: 'x.tar', succeeded: '1' },
      sections: { argv: { argv_00: 'qemu' } },
    });
  });

  it.each([
    ['another title', /EXAMPLE/, 'ANOTHER', 'wrong-type', 'line 1: title: expected "EXAMPLE RELEASE"'],
    ['a line that is missing', /image_sha256.*\n/, '', 'missing', 'image_sha256: missing'],
    ['a line too many', /^has_kvm/m, 'kvm=1\nhas_kvm', 'unexpected', 'line 16: kvm: expected no such key'],
    [
      'two lines that changed places',
      /(label=.*\n)(image_path=.*\n)/,
      '$2$1',
      'misplaced',
      'line 3: image_path: expected label here',
    ],
    ['a section that is missing', /\[machine\]\n.*\n.*\n\n/, '', 'missing', '[machine]: missing'],
    ['a section too many', /$/, '\n[more]\n', 'unexpected', '[more]: expected no such section'],
    [
      'two sections that changed places',
      /(\[argv\]\n.*\n.*\n)\n(\[lines\]\n.*\n)/,
      '$2\n$1',
      'misplaced',
      'line 19: [lines]: expected [argv] here',
    ],
    [
      'a constant that varies',
      /q35/,
      'pc',
      'wrong-type',
      'line 17: machine_kind: expected "q35", found "pc"',
    ],
    ['a word that is none of them', /=tar$/m, '=zip', 'wrong-type', 'image_format: expected tar or tar.gz'],
    ['an empty text', /^label=.*$/m, 'label=', 'wrong-type', 'label: expected a value, found ""'],
    ['no path', /=x\.tar/, '=none', 'wrong-type', 'image_path: expected a path, found "none"'],
    ['a number with a zero before', /^exit_code=0/m, 'exit_code=00', 'wrong-type', 'a whole number or none'],
    [
      'what does not follow',
      /succeeded=1/,
      'succeeded=0',
      'wrong-type',
      'succeeded: expected "1", found "0"',
    ],
    [
      'half a group',
      /^log_sha256=.*$/m,
      'log_sha256=none',
      'wrong-type',
      'log_sha256: expected sha256: and 64 lower-case hexadecimal digits beside log_path, found "none"',
    ],
    [
      'the other half',
      /^log_path=.*$/m,
      'log_path=not-kept',
      'wrong-type',
      'log_sha256: expected "none" because log_path is not-kept',
    ],
    ['a gap in a list', /argv_01/, 'argv_02', 'unexpected', 'line 21: argv_02: expected no such key'],
    ['a list that has to have a line', /^line_01.*\n/m, '', 'missing', 'line_01: missing in [lines]'],
    ['a claim', /_ready=0/, '_ready=1', 'forbidden-claim', 'bootable_os_ready: expected 0'],
  ])('the reader of a described document refuses %s', (_, from, to, code, message) => {
    expect(() => release.parse(edited(from, to))).toThrow(EvidenceError);
    expect(() => release.parse(edited(from, to))).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it.each<[string, unknown, string]>([
    ['an empty text', { label: '' }, 'label: expected a value, found ""'],
    ['the word for no path', { image: { ...VALUE.image, path: 'none' } }, 'image_path: expected a path'],
    ['a digest that is none', { image: { ...VALUE.image, sha256: 'A' } }, 'image_sha256: expected sha256:'],
    ['another word', { image: { ...VALUE.image, format: 'zip' } }, 'image_format: expected tar or tar.gz'],
    ['the word of an absent group', { log: { ...VALUE.log, path: 'not-kept' } }, 'log_path: expected a path'],
    ['a fraction', { exitCode: 0.5 }, 'exit_code: expected a whole number or none, found "0.5"'],
    ['minus zero', { exitCode: -0 }, 'exit_code: expected a whole number or none'],
    ['a bit that is none', { machine: { hasKvm: 1 } }, 'has_kvm: expected 0 or 1'],
    ['nothing at all', { machine: undefined }, 'has_kvm: expected 0 or 1'],
    ['an empty list that must not be', { lines: [] }, '[lines]: expected at least 1 values'],
    ['an empty entry', { argv: [''] }, 'argv_00: expected a value'],
  ])('the writer of a described document refuses %s, for it would not be read back', (_, change, message) => {
    const value = { ...VALUE, ...(change as object) } as Release;
    expect(() => release.format(value)).toThrow(
      expect.objectContaining({ code: 'bad-value', message: expect.stringContaining(message) }),
    );
  });
});
