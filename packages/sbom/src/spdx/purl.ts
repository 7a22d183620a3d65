// SPDX-License-Identifier: Apache-2.0
import { isPercentEncoded } from './percent.js';

const TYPE = /^[a-z][a-z0-9.+-]*$/i;
/** Percent-encoded text: unreserved characters, `%XX`, and the few others that a purl leaves as they are. */
const ENCODED = /^[A-Za-z0-9._~:+!$&'()*,;=%-]+$/;
const QUALIFIER = /^[a-z][a-z0-9._-]*=[A-Za-z0-9._~:/+!$'()*,;=@%-]*$/i;

const isEncoded = (text: string) => ENCODED.test(text) && isPercentEncoded(text);
const isQualifier = (text: string) => QUALIFIER.test(text) && isPercentEncoded(text);
const isPath = (path: string) =>
  path.split('/').every((segment) => isEncoded(segment) && segment !== '.' && segment !== '..');

/** Cuts off the slashes around a path; a pattern would take a time that grows with the square of those inside. */
function withoutSlashes(path: string): string {
  let [start, end] = [0, path.length];
  while (path[start] === '/') start++;
  while (end > start && path[end - 1] === '/') end--;
  return path.slice(start, end);
}

/** Splits `text` at the last `mark`; the second part is undefined where there is none. */
function splitLast(text: string, mark: string): [string, string | undefined] {
  const at = text.lastIndexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/** What is to be said of a purl: why it is none, or how it would better be spelled. */
export interface PurlReading {
  readonly problem: string | undefined;
  readonly advice: readonly string[];
}

/**
 * Reads a package URL, `pkg:type/namespace/name@version?qualifiers#subpath`, as SPDX 2.3 annex F.3.5 wants it in the
 * locator of a `purl` reference. Taken apart from its end, the way the purl specification says, since an `@` may also
 * stand in a name space. By that specification a type means the same in either case, a qualifier of an empty value is
 * none, and the keys of qualifiers are lower-case.
 */
export function readPurl(text: string): PurlReading {
  const none = (problem: string): PurlReading => ({ problem, advice: [] });
  const [beforeSubpath, subpath] = splitLast(text, '#');
  const [beforeQualifiers, qualifiers] = splitLast(beforeSubpath, '?');
  if (!/^pkg:/i.test(beforeQualifiers)) return none('it does not start with pkg:');
  const [type = '', ...rest] = beforeQualifiers.slice('pkg:'.length).replace(/^\/+/, '').split('/');
  const [path, version] = splitLast(rest.join('/').replace(/^@/, '%40'), '@');
  if (!TYPE.test(type)) return none('it has no type');
  if (!isPath(path)) return none('it has no name');
  if (version !== undefined && !isEncoded(version)) return none('its version is none');
  const pairs = qualifiers?.split('&') ?? [];
  if (!pairs.every(isQualifier)) return none('its qualifiers are none');
  const keys = pairs.filter((pair) => !pair.endsWith('=')).map((pair) => pair.split('=', 1).join(''));
  const lower = keys.map((key) => key.toLowerCase());
  if (new Set(lower).size < lower.length) return none('it has a qualifier twice');
  if (subpath !== undefined && !isPath(withoutSlashes(subpath))) return none('its subpath is none');
  const advice: string[] = [];
  if (!beforeQualifiers.startsWith('pkg:')) advice.push('with pkg: in lower case');
  if (type !== type.toLowerCase()) advice.push(`with its type in lower case, ${type.toLowerCase()}`);
  const upper = keys.find((key) => key !== key.toLowerCase());
  if (upper !== undefined) advice.push(`with the qualifier ${upper} in lower case`);
  return { problem: undefined, advice };
}

/** Returns whether {@link readPurl} takes a text. */
export function isPurl(text: string): boolean {
  return readPurl(text).problem === undefined;
}
