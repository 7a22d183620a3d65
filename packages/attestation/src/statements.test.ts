// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testSigner } from '../test/keys.js';
import {
  AttestationError,
  type AttestationPolicy,
  type EvaluatedPromotion,
  externalParameters,
  parseStatement,
  provenanceStatement,
  type RecordedBuild,
  type Statement,
  type Subject,
  signStatement,
  spdxStatement,
  testResultStatement,
  verificationStatement,
  verifyAttestation,
} from './index.js';

const SIGNER = testSigner('a builder');
const BUILDER = 'urn:example:builder';
const sha256 = fc.stringMatching(/^[0-9a-f]{64}$/);
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const subjects = (minLength: number) =>
  fc.uniqueArray(fc.record({ name: text, sha256 }), {
    minLength,
    maxLength: 4,
    selector: ({ name }) => name,
  });

const builds: fc.Arbitrary<RecordedBuild> = fc.record({
  buildType: fc.constantFrom('urn:example:one', 'urn:example:two'),
  command: text,
  buildId: text,
  epoch: fc.nat(),
  sourceCommit: fc.constantFrom('unknown', 'c'.repeat(40)),
  sourceTag: fc.constantFrom('none', 'v1'),
  sourceTagObject: fc.constantFrom('none', 'unknown', 'd'.repeat(40)),
  buildEnvironment: text,
  tool: fc.record({ name: text, version: text }),
  inputs: subjects(0),
  outputs: subjects(1),
  record: fc.record({ name: text, sha256 }),
});

/** Signs a statement, and verifies it against its own files, as somebody would who pinned the builder. */
async function verified(
  statement: Statement,
  files: readonly Subject[],
  changes: Partial<AttestationPolicy> = {},
) {
  const file = await signStatement(statement, SIGNER);
  return verifyAttestation(Buffer.from(file), {
    trusted: [SIGNER.key],
    files,
    pins: [{ id: BUILDER, key: SIGNER.key }],
    ...changes,
  });
}

describe('statements', () => {
  it('a provenance says of any build what its record says, and counts for what is expected alone', async () => {
    await fc.assert(
      fc.asyncProperty(builds, async (build) => {
        const statement = provenanceStatement(build, BUILDER);
        const expected = { buildType: build.buildType, parameters: externalParameters(build) };
        const { says } = await verified(statement, build.outputs, { build: expected });
        expect(says).toMatchObject({ kind: 'provenance', builderId: BUILDER, invocationId: build.buildId });
        const found = says.kind === 'provenance' ? says.resolvedDependencies : [];
        for (const { name, sha256 } of build.inputs)
          expect(found).toContainEqual({ name, digest: { sha256 } });
        await expect(
          verified(statement, build.outputs, {
            build: { ...expected, parameters: { ...expected.parameters, build_id: `${build.buildId}x` } },
          }),
        ).rejects.toMatchObject({ code: 'parameter' });
      }),
      { numRuns: 50 },
    );
  });

  it('a test result has passed where all boots came out as expected, and only there', async () => {
    const image = { name: 'os.iso', sha256: 'a'.repeat(64) };
    const boots = fc.uniqueArray(
      fc.record({
        caseName: fc.stringMatching(/^[a-z]{1,8}$/),
        asExpected: fc.boolean(),
        recordSha256: sha256,
      }),
      { minLength: 1, maxLength: 5, selector: ({ recordSha256 }) => recordSha256 },
    );
    await fc.assert(
      fc.asyncProperty(boots, async (list) => {
        const { says } = await verified(testResultStatement(image, list), [image]);
        if (says.kind !== 'testResult') throw new Error('a test result');
        const bad = list.filter(({ asExpected }) => !asExpected).length;
        expect([says.result, says.failed.length, says.passed.length]).toEqual([
          bad === 0 ? 'PASSED' : 'FAILED',
          bad,
          list.length - bad,
        ]);
        expect(says.configuration.map(({ digest }) => digest?.sha256).sort()).toEqual(
          list.map(({ recordSha256 }) => recordSha256).sort(),
        );
      }),
      { numRuns: 50 },
    );
    expect(() => testResultStatement(image, [])).toThrow(RangeError);
  });

  it('a verification result names what is satisfied, and has no word for passed', async () => {
    const found: EvaluatedPromotion = {
      subjects: [{ name: 'os.iso', sha256: 'a'.repeat(64) }],
      verifierId: BUILDER,
      policies: [{ name: 'the 20 fields', sha256: 'b'.repeat(64) }],
      timeCreated: '2026-01-31T12:00:00Z',
      satisfied: ['sbom_recorded', 'artifact_sha256_recorded', 'sbom_recorded'],
    };
    const statement = verificationStatement(found);
    expect(JSON.stringify(statement)).not.toMatch(/PASSED|ready/i);
    const { says } = await verified(statement, found.subjects);
    expect(says).toMatchObject({
      kind: 'verification',
      properties: ['artifact_sha256_recorded', 'sbom_recorded'],
      timeCreated: found.timeCreated,
    });
    await expect(verified(statement, found.subjects, { pins: [] })).rejects.toMatchObject({
      code: 'not-pinned',
    });
    for (const timeCreated of ['yesterday', '2026-01-31T12:00:00+01:00', '2026-13-31T12:00:00Z']) {
      await expect(
        verified(verificationStatement({ ...found, timeCreated }), found.subjects),
      ).rejects.toMatchObject({ code: 'not-a-statement' });
    }
  });

  it('an SBOM that breaks SPDX 2.3 makes no statement', () => {
    for (const sbom of ['{}', 'no JSON', '{"spdxVersion":"SPDX-2.3","spdxVersion":"SPDX-2.3"}']) {
      expect(() => spdxStatement([], Buffer.from(sbom))).toThrow(
        expect.objectContaining({ name: 'AttestationError', fix: expect.stringMatching(/\w/) }),
      );
    }
  });

  it('whatever is read as a statement is one, or refused as an attestation is', () => {
    const GOOD = provenanceStatement(fc.sample(builds, { numRuns: 1, seed: 1 })[0] as RecordedBuild, BUILDER);
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(GOOD)), fc.jsonValue(), (member, value) => {
        const changed = Buffer.from(JSON.stringify({ ...GOOD, [member]: value }));
        try {
          parseStatement(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(AttestationError);
        }
      }),
    );
  });

  it.each<[string, object, string]>([
    ['no subject', { subject: [] }, 'not-a-statement'],
    ['a subject without digests', { subject: [{ name: 'x' }] }, 'not-a-statement'],
    [
      'two subjects of one name',
      { subject: ['a', 'b'].map((digit) => ({ name: 'x', digest: { sha256: digit.repeat(64) } })) },
      'not-a-statement',
    ],
    ['a predicate type that is no address', { predicateType: 'provenance' }, 'not-a-statement'],
    ['a predicate that is a list', { predicate: [] }, 'not-a-statement'],
    ['a digest that is too short', { subject: [{ digest: { sha256: 'ab' } }] }, 'bad-digest'],
  ])('a statement with %s is refused', (_, changes, code) => {
    const good = {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'x', digest: { sha256: 'a'.repeat(64) } }],
      predicateType: 'urn:x:y',
    };
    expect(parseStatement(Buffer.from(JSON.stringify(good))).predicate.keys).toEqual([]);
    expect(() => parseStatement(Buffer.from(JSON.stringify({ ...good, ...changes })))).toThrow(
      expect.objectContaining({ code }),
    );
  });
});
