// SPDX-License-Identifier: Apache-2.0
const TYPE = /^[a-z][a-z0-9.+-]*$/;
/** Percent-encoded text: unreserved characters, `%XX`, and the few others that a purl leaves as they are. */
const ENCODED = /^(?:[A-Za-z0-9._~:+!$&'()*,;=-]|%[0-9A-Fa-f]{2})+$/;
const QUALIFIER = /^[a-z][a-z0-9._-]*=(?:[A-Za-z0-9._~:/+!$'()*,;=-]|%[0-9A-Fa-f]{2})+$/;

const isPath = (path: string) =>
  path.split('/').every((segment) => ENCODED.test(segment) && segment !== '.' && segment !== '..');

/** Splits `text` at the last `mark`; the second part is undefined where there is none. */
function splitLast(text: string, mark: string): [string, string | undefined] {
  const at = text.lastIndexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

/**
 * True for text of the shape `pkg:type/namespace/name@version?qualifiers#subpath`, a package URL as SPDX 2.3
 * annex F.3.5 wants it in the locator of a `purl` reference. Taken apart from its end, the way the purl
 * specification says, since an `@` may also stand in a name space.
 */
export function isPurl(text: string): boolean {
  const [beforeSubpath, subpath] = splitLast(text, '#');
  const [beforeQualifiers, qualifiers] = splitLast(beforeSubpath, '?');
  if (!beforeQualifiers.startsWith('pkg:')) return false;
  const [type, ...rest] = beforeQualifiers.slice('pkg:'.length).replace(/^\/+/, '').split('/');
  const [path, version] = splitLast(rest.join('/').replace(/^@/, '%40'), '@');
  return (
    type !== undefined &&
    TYPE.test(type) &&
    isPath(path) &&
    (version === undefined || ENCODED.test(version)) &&
    (qualifiers === undefined || qualifiers.split('&').every((pair) => QUALIFIER.test(pair))) &&
    (subpath === undefined || isPath(subpath.replace(/^\/+|\/+$/g, '')))
  );
}
