import { typesOfLabel, writeLabel } from './labels.ts';
import { type Parameter, type Property, type VcardVersion, withParameter } from './property.ts';
import { writeText } from './value-text.ts';

/** What a property is written from. */
interface Saying {
  readonly name: string;
  readonly value: string;
  readonly parameters?: readonly Parameter[];
  /** The value without escapes: by it parameters find back to it. */
  readonly plain: string;
  readonly label?: string;
  readonly isPrimary?: boolean;
  readonly group?: string;
  /** Properties that speak of this one, by name; those that are empty are left out. */
  readonly companions?: readonly (readonly [name: string, text: string])[];
}

const placeKey = (name: string, plain: string): string => `${name}\0${plain}`;

/** A card that is being written from a contact. */
export class Outlet {
  readonly version: VcardVersion;
  readonly properties: Property[] = [];
  readonly #takenGroups: ReadonlySet<string>;
  /** Where the properties are that parameters may still find back to: by name and value. */
  readonly #places = new Map<string, number[]>();
  #groups = 0;

  constructor(version: VcardVersion, takenGroups: ReadonlySet<string>) {
    this.version = version;
    this.#takenGroups = takenGroups;
  }

  newGroup(): string {
    do this.#groups += 1;
    while (this.#takenGroups.has(`item${this.#groups}`));
    return `item${this.#groups}`;
  }

  has(name: string): boolean {
    return this.properties.some((property) => property.name === name);
  }

  text(name: string, text: string, group = ''): void {
    if (text !== '') this.say({ name, value: writeText(text, this.version), plain: text, group });
  }

  say({ name, value, plain, parameters = [], label = '', isPrimary = false, group = '', companions = [] }: Saying): void {
    const types = typesOfLabel(label);
    const beside = types === null ? [['X-ABLabel', writeLabel(label)] as const, ...companions] : companions;
    const said = beside.filter(([, text]) => text !== '');
    const ownGroup = group === '' && said.length > 0 ? this.newGroup() : group;
    const key = placeKey(name, plain);
    const places = this.#places.get(key) ?? [];
    places.push(this.properties.length);
    this.#places.set(key, places);
    const marks = this.#marks(parameters, types ?? [], isPrimary);
    this.properties.push({ group: ownGroup, name, parameters: marks, value });
    for (const [companion, text] of said) {
      // Programs that know no groups find the address of a LABEL by its types.
      const shared = companion === 'LABEL' ? marks.filter((parameter) => parameter.name === 'TYPE') : [];
      this.properties.push({ group: ownGroup, name: companion, parameters: shared, value: writeText(text, this.version) });
    }
  }

  /** Gives parameters back to the property that they are about; false if there is none. */
  giveBack(name: string, parameters: readonly Parameter[], plain: string): boolean {
    const at = this.#places.get(placeKey(name, plain))?.shift();
    const property = at === undefined ? undefined : this.properties[at];
    if (at === undefined || property === undefined) return false;
    this.properties[at] = { ...property, parameters: parameters.reduce(withParameter, [...property.parameters]) };
    return true;
  }

  #marks(parameters: readonly Parameter[], types: readonly string[], isPrimary: boolean): Parameter[] {
    const is4 = this.version === '4.0';
    const shown = isPrimary && !is4 ? [...types, 'pref'] : types;
    const cased = is4 ? shown : shown.map((type) => (type === type.toLowerCase() ? type.toUpperCase() : type));
    const marks: Parameter[] = cased.length > 0 ? [{ name: 'TYPE', values: cased }] : [];
    if (isPrimary && is4) marks.push({ name: 'PREF', values: ['1'] });
    return marks.reduce(withParameter, [...parameters]);
  }
}
