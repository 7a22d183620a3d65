// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadArtifactManifest } from '@latticra/manifest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeRelease } from '../test/release.js';
import { assertApart, defaultOutputDir, inputPaths } from './destination.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'operator-bundle-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

describe('the inputs of a bundle', () => {
  it('the inputs of a bundle are all that the manifest names as a file, and no word that stands for none', async () => {
    await writeRelease(cwd, { apart: true, signed: true });
    const { manifest } = await loadArtifactManifest('manifest.txt', cwd);
    const names = ['iso/os.iso', 'keys/iso-signature', 'iso/sbom.json', 'vm/os.qcow2', 'vm/sbom.json'];
    const paths = [...names, 'docs/recovery.md'].map((name) => join(cwd, name));
    expect(inputPaths(manifest, cwd)).toEqual(paths);
    const bare = { ...manifest, iso: undefined, operatorRecoveryPath: 'none' };
    expect(inputPaths(bare, cwd)).toEqual(paths.slice(3, 5));
  });
});

describe('an output', () => {
  it('an output is apart from an input beside it, whatever its name, and not from one that holds it or that it holds', async () => {
    const input = join(cwd, 'in');
    await writeFile(input, '');
    for (const name of ['out', '..out', 'in2', 'missing/deep/out']) {
      await expect(assertApart(join(cwd, name), [input])).resolves.toBeUndefined();
    }
    for (const output of [input, cwd, join(cwd, '..'), '/', join(input, 'below'), join(input, '..x')]) {
      await expect(assertApart(output, [input]), output).rejects.toMatchObject({
        code: 'overlap',
        kind: 'cannot-create',
        message: `${output}: overlaps with the input ${input}`,
        fix: 'name an output folder that is apart from the artifacts',
      });
    }
  });

  it('an output is not named for a version that is no name of a folder', () => {
    expect(() => defaultOutputDir('../x')).toThrow(
      expect.objectContaining({ code: 'bad-version', kind: 'data', fix: 'give --output-dir' }),
    );
  });
});
