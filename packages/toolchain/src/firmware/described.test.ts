// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { ToolchainError } from '../error.js';
import { describedIn } from './described.js';

const GOOD = {
  description: 'firmware of a test',
  'interface-types': ['uefi'],
  mapping: {
    device: 'flash',
    executable: { filename: '/code.fd', format: 'raw' },
    'nvram-template': { filename: '/vars.fd', format: 'raw' },
  },
  targets: [{ architecture: 'x86_64', machines: ['pc-q35-*'] }],
  features: ['acpi-s3'],
  tags: [],
};

it('a descriptor is read without what is not used, and is of split flash unless it says otherwise', () => {
  const { description, tags, ...used } = GOOD;
  expect(describedIn(GOOD)).toEqual({ ...used, mapping: { ...GOOD.mapping, mode: 'split' } });
  expect(describedIn({ ...GOOD, mapping: { device: 'memory', mode: 'x', filename: 1 } }).mapping).toEqual({
    device: 'memory',
    mode: 'x',
    executable: undefined,
    'nvram-template': undefined,
  });
});

it.each<[object | null, string]>([
  [null, 'descriptor: expected an object'],
  [[], 'descriptor: expected an object'],
  [{ ...GOOD, 'interface-types': 'uefi' }, 'interface-types: expected a list'],
  [{ ...GOOD, features: ['a', 1] }, 'features.1: expected a string'],
  [{ ...GOOD, mapping: undefined }, 'mapping: expected an object'],
  [{ ...GOOD, mapping: {} }, 'mapping.device: expected a string'],
  [{ ...GOOD, mapping: { device: 'flash', mode: null } }, 'mapping.mode: expected a string'],
  [{ ...GOOD, mapping: { ...GOOD.mapping, executable: [] } }, 'mapping.executable: expected an object'],
  [
    { ...GOOD, mapping: { ...GOOD.mapping, 'nvram-template': { filename: '/x' } } },
    'mapping.nvram-template.format: expected a string',
  ],
  [{ ...GOOD, targets: undefined }, 'targets: expected a list'],
  [{ ...GOOD, targets: [{ machines: [] }] }, 'targets.0.architecture: expected a string'],
  [{ ...GOOD, targets: [{ architecture: 'x', machines: [{}] }] }, 'targets.0.machines.0: expected a string'],
])('%j is refused with what was expected where', (value, message) => {
  expect(() => describedIn(value)).toThrow(
    expect.objectContaining({ name: ToolchainError.name, code: 'bad-descriptor', message }),
  );
});
