export type VcardVersion = '2.1' | '3.0' | '4.0';

export interface Parameter {
  /** In upper case. */
  readonly name: string;
  readonly values: readonly string[];
}

/** One property of a card, without what only carries it: folding, transfer encoding and charset. */
export interface Property {
  /** What ties it to others of its card; empty if it stands alone. */
  readonly group: string;
  /** In upper case, but for names of one's own (`X-…`), which stay as they stood. */
  readonly name: string;
  /** Each name once. `ENCODING` is here only where the value still is in it: see `encodingOf`. */
  readonly parameters: readonly Parameter[];
  /** With the escapes of its version. */
  readonly value: string;
}

/** A card as its file has it. */
export interface Card {
  readonly version: VcardVersion;
  /** Without BEGIN, VERSION and END. */
  readonly properties: readonly Property[];
}

export const parameterOf = (property: Property, name: string): readonly string[] =>
  property.parameters.find((parameter) => parameter.name === name)?.values ?? [];

/** Base64; quoted-printable only where what it says could not be told; else empty. */
export const encodingOf = (property: Property): 'base64' | 'quoted-printable' | '' => {
  const [encoding] = parameterOf(property, 'ENCODING');
  return encoding === 'b' ? 'base64' : encoding === 'QUOTED-PRINTABLE' ? 'quoted-printable' : '';
};

/** With these values added to those of the same name. */
export const withParameter = (parameters: readonly Parameter[], added: Parameter): Parameter[] => {
  const same = parameters.find(({ name }) => name === added.name);
  if (same === undefined) return [...parameters, added];
  return parameters.map((parameter) => (parameter === same ? { name: same.name, values: [...same.values, ...added.values] } : parameter));
};
