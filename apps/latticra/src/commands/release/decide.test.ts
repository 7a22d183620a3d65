// SPDX-License-Identifier: Apache-2.0
import { formatDocument } from '@latticra/evidence-format';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide } from './decide.js';
import { digestOf, type ReleaseState, releaseState } from './state.js';

const [A, B] = [digestOf('a'), digestOf('b')];
const state = {
  inputs: [
    { step: 'sbom', sha256: A, name: 'the ISO' },
    { step: 'manifest', sha256: B, name: 'the ISO' },
  ],
  outputs: [{ step: 'sbom', sha256: B, name: 'sbom.spdx.json' }],
};
const OUT = { 'sbom.spdx.json': B };

it('a step is kept where each input and each output has the digest that it had', () => {
  expect(decide(state, 'sbom', { 'the ISO': A }, OUT)).toEqual({ keep: true });
});

it.each([
  ['no run before', undefined, { 'the ISO': A }, OUT, 'not done yet'],
  ['a step that left nothing', { ...state, outputs: [] }, { 'the ISO': A }, {}, 'not done yet'],
  ['an input that changed', state, { 'the ISO': B }, OUT, 'the ISO changed'],
  ['an input that is new', state, { 'the ISO': A, 'the root': B }, OUT, 'the root is new'],
  ['an input that is gone', state, {}, OUT, 'the ISO is not taken any more'],
  [
    'an input of which nobody can tell',
    state,
    { 'the ISO': undefined },
    OUT,
    'whether the ISO is the same cannot be told',
  ],
  [
    'an output that was edited',
    state,
    { 'the ISO': A },
    { 'sbom.spdx.json': A },
    'sbom.spdx.json was changed',
  ],
  ['an output that is gone', state, { 'the ISO': A }, {}, 'sbom.spdx.json is not there'],
])('a step is done again after %s, and why is told', (_, before, inputs, outputs, because) => {
  expect(decide(before, 'sbom', inputs, outputs)).toEqual({ keep: false, because });
});

it('whatever one digest of a step is changed to, the step is done again', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 5 });
  const sums = fc.string().map(digestOf);
  fc.assert(
    fc.property(names, names, sums, sums, fc.nat(), (ins, outs, one, other, at) => {
      fc.pre(one !== other);
      const entries = (list: readonly string[]) => list.map((name) => ({ step: 's', sha256: one, name }));
      const digests = (list: readonly string[], changed: number) =>
        Object.fromEntries(list.map((name, index) => [name, index === changed ? other : one]));
      const before = { inputs: entries(ins), outputs: entries(outs) };
      const which = at % (ins.length + outs.length);
      expect(decide(before, 's', digests(ins, -1), digests(outs, -1))).toEqual({ keep: true });
      expect(decide(before, 's', digests(ins, which), digests(outs, which - ins.length)).keep).toBe(false);
    }),
  );
});

it('a state is read back as it was written, whatever its files are called', () => {
  const value: ReleaseState = {
    status: 'failed',
    version: '12.1',
    failedStep: 'boot:demo_cdrom_q35',
    failure: 'it did not boot',
    command: "latticra release --release 12.1 --iso 'a b.iso' --output-dir out",
    inputs: [{ step: 'boot:demo_cdrom_q35', sha256: A, name: 'a name with  rooms =' }],
    outputs: [],
  };
  expect(releaseState.parse(formatDocument(releaseState.document(value)))).toEqual(value);
});
