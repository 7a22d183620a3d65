// SPDX-License-Identifier: Apache-2.0
import { isPlainText } from '@latticra/evidence-format';
import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { MANIFEST } from '../../test/manifest.js';
import { formatManifest, parseManifest, SealError, type SealManifest } from '../index.js';

const TEXT = formatManifest(MANIFEST);
const parse = (text: string) => parseManifest(Buffer.from(text));
const swap = (from: string, to: string) => {
  if (!TEXT.includes(from)) throw new RangeError(`the manifest does not hold ${from}`);
  return TEXT.replace(from, to);
};

describe('a manifest', () => {
  it('a manifest is read as it was written', () => {
    expect(parse(TEXT)).toEqual(MANIFEST);
  });

  it('a manifest may leave out what may be absent, and hold comments, blank lines and a description', () => {
    const short = TEXT.replace(/\[proof\][\s\S]*/, '')
      .replace(/deny_large.*\n/, '')
      .replace(/max_file.*\n/, '')
      .replace(
        'license = "MIT"',
        'license = "MIT" # of the code\n\n  # and\ndescription = "x = \\"#"'.replace('\\"', "'"),
      );
    expect(parse(short)).toEqual({
      ...MANIFEST,
      project: { ...MANIFEST.project, description: "x = '#" },
      maxFileSizeMb: undefined,
    });
  });

  it('a manifest may have its lists on one line, with or without a last comma', () => {
    expect(parse(swap('exclude = [\n  ".git/",\n', 'exclude = [ ".git/" , # of git\n'))).toEqual(MANIFEST);
    const text = swap('patterns = [\n  "*.pem",\n]', 'patterns = ["*.pem"]');
    expect(parse(text)).toEqual(MANIFEST);
  });

  /** Declares a test for each text, which is a manifest but for one thing. */
  const refuses = (cases: readonly (readonly [what: string, text: string, reason: RegExp])[]) =>
    it.each(cases)('a manifest %s is refused', (_, text, message) => {
      expect(() => parse(text)).toThrow(SealError);
      expect(() => parse(text)).toThrow(message);
    });

  describe('the identity of the project is there, quoted, not empty, without escapes and control characters, and once', () => {
    refuses([
      ['without an id', swap('id = "demo"\n', ''), /^project\.id: expected the key, found nothing$/],
      ['with an empty id', swap('id = "demo"', 'id = ""'), /^project\.id: expected a non-empty string/],
      ['with a blank id', swap('id = "demo"', 'id = "  "'), /^project\.id: expected a non-empty string/],
      ['with an unquoted id', swap('id = "demo"', 'id = demo'), /^line 7: expected a "string"/],
      ['with an id in single quotes', swap('id = "demo"', "id = 'demo'"), /^line 7: expected a "string"/],
      [
        'with an id of many lines',
        swap('id = "demo"', 'id = """demo"""'),
        /^line 7: expected the end of the line/,
      ],
      [
        'with a number for an id',
        swap('id = "demo"', 'id = 7'),
        /^project\.id: expected a non-empty string, found 7/,
      ],
      [
        'with an escape',
        swap('id = "demo"', 'id = "d\\u0065mo"'),
        /^line 7: expected a "string" without escapes/,
      ],
      [
        'with a control character',
        swap('id = "demo"', 'id = "de\u0007mo"'),
        /^line 7: control or invisible character \\u0007/,
      ],
      ['with a tab in a string', swap('id = "demo"', 'id = "de\tmo"'), /^line 7: expected a "string"/],
      [
        'with an id twice',
        swap('id = "demo"', 'id = "demo"\nid = "demo"'),
        /^line 8: project\.id stands twice/,
      ],
      ['with a string that does not end', swap('id = "demo"', 'id = "demo'), /^line 7: expected a "string"/],
      [
        'with more behind a value',
        swap('id = "demo"', 'id = "demo" x'),
        /^line 7: expected the end of the line/,
      ],
    ]);
  });

  describe('a manifest holds no byte that a reader may stop at or take for something else', () => {
    refuses([
      ['with a NUL', swap('[seal]', '\0[seal]'), /^NUL byte at offset /],
      ['with a carriage return', swap('[seal]\n', '[seal]\r\n'), /carriage return, expected LF line ends/],
      ['with a byte order mark', `\ufeff${TEXT}`, /^line 1: byte order mark/],
      ['with a line separator', swap('# One', '# \u2028One'), /invisible character \\u2028/],
      ['with a direction override', swap('# One', '# \u202eOne'), /invisible character \\u202e/],
      ['with a zero width space', swap('Demo', 'De\u200bmo'), /invisible character \\u200b/],
    ]);
  });

  describe('a manifest has each section once, under its plain header, and no other', () => {
    refuses([
      ['with another section', `${TEXT}[extra]\n`, /section \[extra\] is not supported/],
      ['with a section of a section', `${TEXT}[proof.more]\n`, /section \[proof\.more\] is not supported/],
      ['with a section twice', `${TEXT}[proof]\n`, /section \[proof\] stands twice/],
      ['with a quoted section', swap('[seal]', '["seal"]'), /malformed section header "\[\\"seal\\"\]"/],
      ['with a spaced section', swap('[seal]', '[ seal ]'), /malformed section header/],
      ['with an indented section', swap('[seal]', ' [seal]'), /malformed section header/],
      ['with an open section', swap('[seal]', '[seal'), /malformed section header/],
      ['with a list of sections', swap('[seal]', '[[seal]]'), /malformed section header/],
      ['with more behind a header', swap('[seal]', '[seal] x'), /malformed section header/],
      ['with an empty header', swap('[seal]', '[]'), /malformed section header/],
      [
        'without a section',
        TEXT.replace(/\[seal\][\s\S]*(?=\[paths\])/, ''),
        /^seal\.mode: expected the key/,
      ],
    ]);
  });

  describe('a manifest has each key once, in its section, and no other', () => {
    refuses([
      [
        'with an unknown key',
        swap('id = "demo"', 'id = "demo"\nid2 = "x"'),
        /^project\.id2: expected no such key/,
      ],
      [
        'with a misplaced key',
        swap('[seal]', 'mode = "local-integrity"\n[seal]'),
        /^project\.mode: expected no such key/,
      ],
      ['with a key before its section', `exclude = []\n${TEXT}`, /^exclude: expected no such key/],
      ['with a quoted key', swap('id = ', '"id" = '), /^line 7: expected key = value with a bare key/],
      ['with a dotted key', swap('schema =', 'project.id = "a"\nschema ='), /^line 1: expected key = value/],
      ['with a table in a value', swap('id = "demo"', 'id = { a = 1 }'), /^line 7: expected a "string"/],
      ['with a key alone', swap('id = "demo"', 'id'), /^line 7: expected key = value/],
      ['with a key without a value', swap('id = "demo"', 'id ='), /^line 7: expected a "string"/],
      ['with a key in capitals', swap('id = ', 'ID = '), /^line 7: expected key = value/],
    ]);
  });

  describe('a manifest has lists with one comma between their elements', () => {
    refuses([
      ['with a missing comma', swap('".git/",', '".git/"'), /^line \d+: expected a comma or \]/],
      ['with a doubled comma', swap('".git/",', '".git/",,'), /^line \d+: expected a "string"/],
      ['with a comma in front', swap('exclude = [', 'exclude = [,'), /^line \d+: expected a "string"/],
      ['with a list that does not end', swap('"*.log",\n]', '"*.log",\n'), /^line \d+: expected a "string"/],
      ['with a list too deep', swap('["do-not-", "ship-this"]', '[["a"]]'), /a list in a list in a list/],
      ['with a number in a list', swap('"*.log"', '7'), /^paths\.exclude: expected a list of patterns/],
    ]);
  });

  describe('a manifest says of mode, outputs and policy what holds for every project, and has no proof yet', () => {
    refuses([
      ['of another schema', swap('seal/v0.1', 'seal/v0.2'), /^schema: expected "latticra\.seal\/v0\.1"/],
      ['of another algorithm', swap('"sha256"', '"md5"'), /^seal\.algorithm: expected "sha256", found "md5"/],
      ['that claims to be signed', swap('"unsigned"', '"signed"'), /^seal\.status: expected "unsigned"/],
      [
        'that includes less',
        swap('include = ["."]', 'include = ["src"]'),
        /^paths\.include: expected \["\."\]/,
      ],
      [
        'that includes nothing',
        swap('include = ["."]', 'include = []'),
        /^paths\.include: expected \["\."\]/,
      ],
      [
        'with a string for true',
        swap('require_readme = true', 'require_readme = "true"'),
        /^policy\.require_readme: expected true, found "true"/,
      ],
      [
        'that allows private keys',
        swap('deny_private_keys = true', 'deny_private_keys = false'),
        /^policy\.deny_private_keys: expected true/,
      ],
      ['with another size', swap('= 25', '= 26'), /^policy\.max_file_size_mb: expected 25, found 26/],
      [
        'with another report',
        swap('seal-cli-report.txt', 'seal-other.txt'),
        /^report\.default_output: expected "reports\/latticra-seal-cli-report\.txt"/,
      ],
      [
        'with an absolute report',
        swap('"reports/latticra-seal-cli-report.txt"', '"/tmp/r"'),
        /^report\.default_output/,
      ],
      ['with another hash list', swap('seal-cli-hashes.txt', 'x.txt'), /^report\.hash_list_output/],
      [
        'with a signature',
        swap('signature = ""', 'signature = "x"'),
        /^proof\.signature: expected "", found "x"/,
      ],
      [
        'with a manifest hash',
        swap('manifest_hash = ""', 'manifest_hash = "x"'),
        /^proof\.manifest_hash: expected ""/,
      ],
    ]);
  });

  describe('a manifest names paths and patterns within the project, each once', () => {
    refuses([
      ['with two stars', swap('"*.log"', '"*.*"'), /^paths\.exclude: .*has more than one \*/],
      ['with an absolute pattern', swap('"*.log"', '"/tmp"'), /^paths\.exclude: .*begins with \//],
      [
        'with a pattern that climbs',
        swap('"*.log"', '"../x"'),
        /^paths\.exclude: .*has an empty name, a \. or a \.\./,
      ],
      ['with an empty pattern', swap('"*.log"', '""'), /^paths\.exclude: .*is empty/],
      ['with a pattern twice', swap('"*.log"', '".git/"'), /^paths\.exclude: expected "\.git\/" once/],
      [
        'with a required file outside',
        swap('"LICENSE"', '"../LICENSE"'),
        /^policy\.required_files\.paths: .*has a \. or \.\./,
      ],
      [
        'with an absolute required file',
        swap('"LICENSE"', '"/etc/hosts"'),
        /^policy\.required_files\.paths: .*is absolute/,
      ],
      ['with an escaped path', swap('"LICENSE"', '"LIC\\\\ENSE"'), /expected a "string" without escapes/],
      [
        'with a required file twice',
        swap('"LICENSE"', '"README.md"'),
        /^policy\.required_files\.paths: expected "README\.md" once/,
      ],
      [
        'with an empty marker',
        swap('["do-not-", "ship-this"]', '["", ""]'),
        /^policy\.deny_contents\.pattern_parts: expected parts of at least 4 bytes/,
      ],
      [
        'with a marker that is no list',
        swap('["do-not-", "ship-this"]', '"do-not-ship"'),
        /^policy\.deny_contents\.pattern_parts/,
      ],
    ]);
  });

  describe('a manifest holds no policy entry that says nothing', () => {
    refuses([
      [
        'with an empty part of a marker',
        swap('["do-not-", "ship-this"]', '["do-not-", "", "ship-this"]'),
        /^policy\.deny_contents\.pattern_parts: expected no empty part in marker 1/,
      ],
      [
        'with a marker without parts',
        swap('["do-not-", "ship-this"]', '["do-not-", "ship-this"], []'),
        /^policy\.deny_contents\.pattern_parts: expected at least one part in marker 2/,
      ],
      [
        'with a marker twice, in whatever parts',
        swap('["do-not-", "ship-this"]', '["do-not-", "ship-this"], ["other"], ["do-", "not-ship-this"]'),
        /^policy\.deny_contents\.pattern_parts: expected no text of an earlier one in marker 3/,
      ],
      [
        'with a denied name twice',
        swap('"*.pem"', '"*.pem", "*.pem"'),
        /^policy\.deny_filenames\.patterns: expected "\*\.pem" once/,
      ],
      [
        'with an empty denied name',
        swap('"*.pem"', '"*.pem", ""'),
        /^policy\.deny_filenames\.patterns: expected patterns of files, but pattern "" is empty/,
      ],
      [
        'with a denied name that only folders have',
        swap('"*.pem"', '"*.pem/"'),
        /^policy\.deny_filenames\.patterns: .*"\*\.pem\/" means folders, and denies nothing/,
      ],
    ]);
  });

  /** Every line with a key, by the name of that key with its section. */
  const KEYS: [place: string, line: string][] = [];
  let section = '';
  for (const line of TEXT.split('\n')) {
    const header = /^\[([a-z_.]+)\]$/.exec(line)?.[1];
    const key = /^([a-z_]+) = /.exec(line)?.[1];
    if (header !== undefined) section = `${header}.`;
    if (key !== undefined) KEYS.push([section + key, line]);
  }
  const OPTIONAL = /^(policy\.(deny_large_binaries|max_file_size_mb)|proof\..*)$/;

  it.each(KEYS)(
    'a manifest with %s missing, doubled, misplaced, of another type or misspelt is refused',
    (place, line) => {
      const key = place.slice(place.lastIndexOf('.') + 1);
      // The line and, where its list goes on, those up to the bracket that ends it.
      const whole = line.endsWith('[')
        ? TEXT.slice(TEXT.indexOf(line)).split('\n]\n', 1)[0]?.concat('\n]')
        : line;
      const at = (text: string) =>
        `\n${TEXT}`.replace(`\n${whole}\n`, text === '' ? '\n' : `\n${text}\n`).slice(1);
      if (OPTIONAL.test(place)) expect(parse(at('')).project).toEqual(MANIFEST.project);
      else expect(() => parse(at(''))).toThrow(`${place}: expected the key, found nothing`);
      expect(() => parse(at(`${whole}\n${whole}`))).toThrow(`${place} stands twice`);
      if (!place.startsWith('proof.'))
        expect(() => parse(`${at('')}${whole}\n`)).toThrow(`proof.${key}: expected no such key there`);
      for (const value of ['-1', '1.5', '1979-05-27', '{ a = 1 }', "'x'", '"""x"""', '""x', '', 'nan']) {
        expect(() => parse(at(`${key} = ${value}`)), value).toThrow(/^line \d+: expected /);
      }
      for (const value of ['7', '[[["x"]]]', '[7]', '[true]', 'maybe']) {
        expect(() => parse(at(`${key} = ${value}`)), value).toThrow(SealError);
      }
      for (const other of [`${key}_`, `_${key}`]) {
        expect(() => parse(at(`${other} = ""`)), other).toThrow(SealError);
        expect(() => parse(at(`${whole}\n${other} = ""`)), other).toThrow('expected no such key there');
      }
      for (const misspelt of [`"${key}"`, key.toUpperCase(), `${key}.${key}`, `${key}-`, `= ${key}`]) {
        expect(() => parse(at(`${misspelt} = ""`)), misspelt).toThrow(/^line \d+: expected key = value/);
      }
    },
  );

  it('a manifest that is not UTF-8, or too large, is refused', () => {
    expect(() => parseManifest(Buffer.from(TEXT.replace('Demo', 'D\xe9mo'), 'latin1'))).toThrow(
      'expected UTF-8',
    );
    expect(() => parse(`${TEXT}#${'x'.repeat(1 << 20)}`)).toThrow('expected at most 1048576');
  });
});

describe('every manifest', () => {
  const plain = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    .filter((text) => text.trim() !== '' && !/["\\]/.test(text) && isPlainText(text));
  const name = fc.stringMatching(/^[a-z0-9._ü-]{1,8}$/).filter((text) => !/^\.{1,2}$/.test(text));
  const manifest: fc.Arbitrary<SealManifest> = fc.record({
    project: fc.record({
      name: plain,
      id: plain,
      version: plain,
      repository: plain,
      license: plain,
      description: fc.option(plain, { nil: undefined }),
    }),
    exclude: fc.uniqueArray(name.map((text) => `${text}/*x/`)),
    requiredFiles: fc.uniqueArray(
      fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join('/')),
    ),
    denyFilenames: fc.uniqueArray(name.map((text) => `*${text}`)),
    denyContents: fc.uniqueArray(
      fc.array(plain, { minLength: 1 }).filter((parts) => parts.join('').length > 4),
      { selector: (parts) => parts.join('') },
    ),
    maxFileSizeMb: fc.constantFrom(25 as const, undefined),
  });

  it('every manifest is read as it was written', () => {
    fc.assert(
      fc.property(manifest, (value) => {
        expect(parse(formatManifest(value))).toEqual(value);
      }),
      { numRuns: 60 },
    );
  });

  it('a manifest is refused or means the same as TOML, whatever is done to its text', () => {
    const bytes = Buffer.from(TEXT);
    const edit = fc.record({
      at: fc.nat(bytes.length),
      drop: fc.nat(3),
      put: fc.constantFrom('', '"', '\n', ',', '[', ']', '=', ' ', '#', '\\', 'a', '.', '\t', 'true', '"x"'),
    });
    fc.assert(
      fc.property(edit, ({ at, drop, put }) => {
        const text = Buffer.concat([bytes.subarray(0, at), Buffer.from(put), bytes.subarray(at + drop)]);
        let found: SealManifest;
        try {
          found = parseManifest(text);
        } catch (error) {
          expect(error).toBeInstanceOf(SealError);
          return;
        }
        const { project, paths, policy } = parseToml(text.toString());
        expect(project).toEqual({ ...found.project, description: undefined });
        expect([paths, policy]).toMatchObject([
          { exclude: found.exclude },
          {
            required_files: { paths: found.requiredFiles },
            deny_filenames: { patterns: found.denyFilenames },
            deny_contents: { pattern_parts: found.denyContents },
          },
        ]);
        // What is accepted can be written, and says the same then.
        expect(parse(formatManifest(found))).toEqual(found);
      }),
      { numRuns: 400 },
    );
  });
});
