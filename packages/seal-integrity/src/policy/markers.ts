// SPDX-License-Identifier: Apache-2.0
import { BUILT_IN_MARKERS } from './built-in.js';
import { literalMarker, type Marker } from './marker.js';

/** Returns the markers that a project's files must not hold: those denied everywhere, and those of its manifest. */
export function markersOf(denyContents: readonly (readonly string[])[]): Marker[] {
  return [
    ...BUILT_IN_MARKERS,
    ...denyContents.map((parts, index) =>
      // Not by its text: the report lies in the project and would hold the marker.
      literalMarker(`marker ${index + 1} of policy.deny_contents`, parts.join('')),
    ),
  ];
}
