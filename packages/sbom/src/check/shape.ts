// SPDX-License-Identifier: Apache-2.0
import { quote, type Report } from './model/finding.js';
import type { JsonNode } from './model/node.js';

/** What a value must look like; `text` is a string that is not empty. */
export type Shape =
  | { readonly type: 'text' | 'string' | 'boolean' | 'integer' | 'object' }
  | { readonly oneOf: readonly string[] }
  | { readonly list: Shape; readonly atLeast?: number }
  | { readonly members: Readonly<Record<string, Member>> };

/** A member of an object: the clause that defines it, and what it must look like. */
export interface Member {
  readonly clause: string;
  readonly shape: Shape;
  readonly required: boolean;
}

/** Describes a member that must be there. */
export const must = (clause: string, shape: Shape): Member => ({ clause, shape, required: true });
/** Describes a member that may be there. */
export const may = (clause: string, shape: Shape): Member => ({ clause, shape, required: false });

/** Checks one value against its shape, all the way down; each finding carries the clause of the member it is about. */
export function checkShape(place: JsonNode, clause: string, shape: Shape, report: Report): void {
  if ('members' in shape) {
    checkMembers(place, clause, shape.members, report);
  } else if ('list' in shape) {
    if (!Array.isArray(place.value) || place.value.length < (shape.atLeast ?? 0)) {
      report(
        clause,
        place,
        `is ${quote(place.value)}, expected a list${shape.atLeast ? ` of at least ${shape.atLeast}` : ''}`,
      );
    }
    for (const item of place.items) checkShape(item, clause, shape.list, report);
  } else if ('oneOf' in shape) {
    if (!shape.oneOf.some((word) => word === place.value)) {
      report(
        clause,
        place,
        `is ${quote(place.value)}, expected ${shape.oneOf.length > 1 ? 'one of ' : ''}${shape.oneOf.join(', ')}`,
      );
    }
  } else if (!hasType(place, shape.type)) {
    report(clause, place, `is ${quote(place.value)}, expected ${TYPE_NAMES[shape.type]}`);
  }
}

function checkMembers(
  place: JsonNode,
  clause: string,
  members: Readonly<Record<string, Member>>,
  report: Report,
): void {
  if (!place.isObject) {
    report(clause, place, `is ${quote(place.value)}, expected an object`);
    return;
  }
  for (const key of place.keys) {
    if (!Object.hasOwn(members, key))
      report('schema', place, `has a member ${quote(key)}, which SPDX 2.3 does not know`);
  }
  for (const [key, member] of Object.entries(members)) {
    if (place.has(key)) checkShape(place.member(key), member.clause, member.shape, report);
    else if (member.required) report(member.clause, place, `has no ${key}`);
  }
}

const TYPE_NAMES = {
  text: 'text that is not empty',
  string: 'text',
  boolean: 'true or false',
  integer: 'a whole number',
  object: 'an object',
} as const;

function hasType(place: JsonNode, type: keyof typeof TYPE_NAMES): boolean {
  switch (type) {
    case 'text':
      return place.text !== undefined && place.text !== '';
    case 'string':
      return place.text !== undefined;
    case 'boolean':
      return typeof place.value === 'boolean';
    case 'integer':
      return Number.isSafeInteger(place.value);
    case 'object':
      return place.isObject;
  }
}
