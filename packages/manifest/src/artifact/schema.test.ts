// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { artifactManifest } from '../index.js';

const folder = new URL('../../test/cases/', import.meta.url);
/** `<what>.<code>_fail.txt` has to be refused with that code; `<what>.txt` is good. */
const cases = readdirSync(folder).map((file) => ({
  file,
  code: /\.([a-z-]+)_fail\.txt$/.exec(file)?.[1],
  bytes: readFileSync(new URL(file, folder)),
}));

describe('the case files', () => {
  it('the case files hold manifests of both sorts, good and bad', () => {
    expect(cases.filter(({ code }) => code !== undefined).length).toBeGreaterThan(50);
    expect(cases.filter(({ code }) => code === undefined).length).toBeGreaterThan(3);
  });

  it.each(cases.filter(({ code }) => code === undefined))('the parser accepts $file', ({ bytes }) => {
    const manifest = artifactManifest.parse(bytes);
    expect(artifactManifest.format(manifest)).toBe(bytes.toString());
  });

  it.each(cases.filter(({ code }) => code !== undefined))('the parser refuses $file', ({ bytes, code }) => {
    expect(() => artifactManifest.parse(bytes)).toThrow(expect.objectContaining({ code, kind: 'data' }));
  });
});

describe('artifactManifest.parse', () => {
  it('the parser gives what the manifest says', () => {
    expect(artifactManifest.parse(readFileSync(new URL('both.txt', folder)))).toEqual({
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

  it('the parser names the key that is wrong', () => {
    for (const { code, bytes, file } of cases) {
      if (code !== 'manifest' && code !== 'wrong-type' && code !== 'missing') continue;
      expect(() => artifactManifest.parse(bytes), file).toThrow(/[a-z]+(_[a-z0-9]+)+|title|\[non_effects\]/);
    }
  });

  it.each(['none', 'unsigned-local'])(
    'no manifest is written of an artifact at %j, which would not be read back',
    (path) => {
      const good = artifactManifest.parse(readFileSync(new URL('both.txt', folder)));
      const iso = good.iso && { ...good.iso, path };
      const vmImage = good.vmImage && { ...good.vmImage, path };
      for (const manifest of [
        { ...good, iso },
        { ...good, vmImage },
      ]) {
        expect(() => artifactManifest.document(manifest)).toThrow(
          expect.objectContaining({ code: 'bad-value', kind: 'data' }),
        );
      }
    },
  );
});
