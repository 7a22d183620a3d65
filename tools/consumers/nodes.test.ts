// SPDX-License-Identifier: Apache-2.0
import { expect, it } from 'vitest';
import { SUPPORTED, versionsToRun } from './nodes.mjs';

it('each version of Node that is supported runs once, and the one that runs is not fetched', () => {
  expect(versionsToRun({ node: [], supported: true }, 'v20.19.0')).toEqual(['22', '24']);
  expect(versionsToRun({ node: ['22.1.0', '24'], supported: true }, 'v22.3.0')).toEqual([
    '22.1.0',
    '24',
    '20',
  ]);
  expect(versionsToRun({ node: [], supported: true }, 'v26.0.0')).toEqual(SUPPORTED);
});

it('nothing is fetched that nobody asked for', () => {
  expect(versionsToRun({ node: [], supported: false }, 'v20.19.0')).toEqual([]);
  expect(versionsToRun({ node: ['22'], supported: false }, 'v20.19.0')).toEqual(['22']);
});
