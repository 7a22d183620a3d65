// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { EvidenceError, formatDocument } from '@latticra/evidence-format';
import { Failure } from '@latticra/failure';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ArtifactManifest,
  artifactManifestDocument,
  ManifestError,
  parseArtifactManifest,
} from '../index.js';

const folder = new URL('../../test/cases/', import.meta.url);
/** `<what>.<code>_fail.txt` has to be refused with that code; `<what>.txt` is good. */
const cases = readdirSync(folder).map((file) => ({
  file,
  code: /\.([a-z-]+)_fail\.txt$/.exec(file)?.[1],
  bytes: readFileSync(new URL(file, folder)),
}));

describe('the case files', () => {
  it('hold both sorts', () => {
    expect(cases.filter(({ code }) => code !== undefined).length).toBeGreaterThan(50);
    expect(cases.filter(({ code }) => code === undefined).length).toBeGreaterThan(3);
  });

  it.each(cases.filter(({ code }) => code === undefined))('accepts $file', ({ bytes }) => {
    const manifest = parseArtifactManifest(bytes);
    expect(formatDocument(artifactManifestDocument(manifest))).toBe(bytes.toString());
  });

  it.each(cases.filter(({ code }) => code !== undefined))('refuses $file', ({ bytes, code }) => {
    expect(() => parseArtifactManifest(bytes)).toThrow(expect.objectContaining({ code, kind: 'data' }));
  });
});

describe('parseArtifactManifest', () => {
  it('gives what the manifest says', () => {
    expect(parseArtifactManifest(readFileSync(new URL('both.txt', folder)))).toEqual({
      artifactVersion: '1.0',
      sourceCommit: '0123abc',
      sourceTag: 'none',
      buildEnvironment: 'local-linux-x64',
      iso: {
        path: 'latticra-x86_64.iso',
        sha256: 'a'.repeat(64),
        signaturePath: 'unsigned-local',
        sbomPath: 'sbom.spdx.json',
      },
      vmImage: {
        path: 'images/latticra-x86_64.qcow2',
        format: 'qcow2',
        sha256: 'b'.repeat(64),
        signaturePath: 'latticra-x86_64.qcow2.sig',
        sbomPath: 'none',
      },
      operatorRecoveryPath: 'docs/recovery.md',
    });
  });

  it('names the key that is wrong', () => {
    for (const { code, bytes, file } of cases) {
      if (code !== 'manifest' && code !== 'wrong-type' && code !== 'missing') continue;
      expect(() => parseArtifactManifest(bytes), file).toThrow(/[a-z]+(_[a-z0-9]+)+|title|\[non_effects\]/);
    }
  });

  it('is the way back from every manifest that can be recorded', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((value) => !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\p{Surrogate}]/u.test(value));
    const path = text.filter((value) => value !== 'none' && value !== 'unsigned-local');
    const sha256 = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
    const record = fc.record({
      path,
      sha256,
      signaturePath: fc.oneof(path, fc.constantFrom('none', 'unsigned-local')),
      sbomPath: fc.oneof(path, fc.constant('none')),
    });
    const manifests: fc.Arbitrary<ArtifactManifest> = fc.record({
      artifactVersion: text,
      sourceCommit: text,
      sourceTag: text,
      buildEnvironment: text,
      iso: fc.option(record, { nil: undefined }),
      vmImage: fc.option(
        fc
          .tuple(record, fc.constantFrom('raw' as const, 'qcow2' as const))
          .map(([artifact, format]) => ({ ...artifact, format })),
        { nil: undefined },
      ),
      operatorRecoveryPath: fc.oneof(path, fc.constant('none')),
    });
    fc.assert(
      fc.property(manifests, (manifest) => {
        const written = formatDocument(artifactManifestDocument(manifest));
        expect(parseArtifactManifest(written)).toEqual(manifest);
      }),
      { numRuns: 200 },
    );
  });

  it.each(['none', 'unsigned-local'])(
    'has no way back from an artifact at %j, so none is written',
    (path) => {
      const good = parseArtifactManifest(readFileSync(new URL('both.txt', folder)));
      const iso = good.iso && { ...good.iso, path };
      const vmImage = good.vmImage && { ...good.vmImage, path };
      for (const manifest of [
        { ...good, iso },
        { ...good, vmImage },
      ]) {
        expect(() => artifactManifestDocument(manifest)).toThrow(
          expect.objectContaining({ code: 'manifest', kind: 'data' }),
        );
      }
    },
  );

  it('writes back what it accepts, or refuses, after any one line was changed', () => {
    const lines = readFileSync(new URL('both.txt', folder), 'utf8').split('\n').slice(0, -1);
    const values = ['', '0', '1', '2', 'none', 'unsigned-local', 'raw', 'x', `sha256:${'c'.repeat(64)}`];
    for (let index = 0; index < lines.length; index++) {
      const key = lines[index]?.split('=')[0];
      for (const line of [undefined, ...values.map((value) => `${key}=${value}`)]) {
        const changed = lines.flatMap((old, at) => (at !== index ? [old] : line === undefined ? [] : [line]));
        const text = `${changed.join('\n')}\n`;
        let manifest: ArtifactManifest;
        try {
          manifest = parseArtifactManifest(text);
        } catch (error) {
          expect(error).toBeInstanceOf(Failure);
          expect(error instanceof EvidenceError || error instanceof ManifestError).toBe(true);
          continue;
        }
        expect(formatDocument(artifactManifestDocument(manifest))).toBe(text);
      }
    }
  });
});
