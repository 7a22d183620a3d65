// SPDX-License-Identifier: Apache-2.0
import type { ArtifactManifest } from '@latticra/manifest';
import { describe, expect, it } from 'vitest';
import { artifactNames } from './names.js';

const record = (path: string) => ({ path, sha256: 'a'.repeat(64), signaturePath: 'none', sbomPath: 'none' });
const manifestOf = (iso: string, vmImage: string): ArtifactManifest => ({
  artifactVersion: '1',
  sourceCommit: 'c',
  sourceTag: 'none',
  buildEnvironment: 'lab',
  iso: record(iso),
  vmImage: { ...record(vmImage), format: 'raw' },
  operatorRecoveryPath: 'none',
});
const refusal = (iso: string, vmImage: string) => {
  try {
    artifactNames(manifestOf(iso, vmImage));
  } catch (error) {
    return error;
  }
  return undefined;
};
const fix = 'rename the artifact and record it with a new manifest';

describe('the names of the artifacts', () => {
  it('the names of the artifacts are those of their files', () => {
    expect(artifactNames(manifestOf('/a/os.iso', 'b/os.raw'))).toEqual({ iso: 'os.iso', vmImage: 'os.raw' });
  });

  it.each([
    ['/', '', 'is no file name'],
    ['a/.', '.', 'is no file name'],
    ['a/..', '..', 'is no file name'],
    ['none', 'none', 'means something else in a manifest'],
    ['a\\b', 'a\\b', 'would be escaped in a checksum file'],
  ])('an artifact at the path %j is refused for its name', (path, name, problem) => {
    const message = `artifact name ${JSON.stringify(name)}: ${problem}`;
    expect(refusal(path, 'os.raw')).toMatchObject({ code: 'bad-name', kind: 'data', message, fix });
    expect(refusal('os.iso', path)).toMatchObject({ code: 'bad-name' });
  });

  it.each([
    ['in another case', 'os.iso', 'OS.iso'],
    ['with a letter whose capital is that of another', 'ſ.iso', 's.iso'],
    ['with a capital that is no letter’s', 'ẞ.iso', 'SS.iso'],
    ['in another composition', 'é.iso', 'e\u0301.iso'],
    ['whose capital is composed otherwise', '\u0390.iso', '\u0399\u0308\u0301.iso'],
  ])('two artifacts with one name %s are refused', (_, iso, vmImage) => {
    expect(refusal(iso, vmImage)).toMatchObject({
      code: 'name-clash',
      kind: 'data',
      message: `${vmImage}: ${iso} has that name in the bundle already`,
      fix,
    });
  });
});
