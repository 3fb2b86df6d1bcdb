import { type ContactDraft, emptyContact } from '../contact.ts';
import { labelOfTypes, readLabel, type TypedLabel, typesBeside } from './labels.ts';
import { type Card, encodingOf, type Parameter, type Property, parameterOf, type VcardVersion, withParameter } from './property.ts';
import { printHead } from './property-head.ts';
import { readText } from './value-text.ts';

/** Types that say what a property is anyway. */
const IMPLIED_TYPES: Readonly<Record<string, string>> = { EMAIL: 'internet', TEL: 'voice', 'X-MS-TEL': 'voice' };
/** Kinds of values that the value itself shows. */
const PLAIN_VALUES = new Set(['uri', 'url', 'text', 'date', 'date-time', 'date-and-or-time', 'phone-number']);
/** The rank of what is preferred without a number: RFC 6350 §5.3 goes from 1 to 100. */
const FIRST = 1;
const LAST = 100;

/** A value that can be the primary one of its kind. */
interface Ranked {
  readonly rank: number;
  readonly settle: (isPrimary: boolean) => void;
}

/** What a property says about its value. */
export interface Marks {
  readonly label: string;
  /** Null where it is not preferred. */
  readonly rank: number | null;
  /** What neither label nor rank holds. */
  readonly rest: readonly Parameter[];
  /** What the label doesn't hold. */
  readonly beside: readonly Parameter[];
}

const isImplied = (property: Property, type: string): boolean => IMPLIED_TYPES[property.name.toUpperCase()] === type.toLowerCase();

/** A contact that is being read from a card: what has been understood, and what is left. */
export class Intake {
  readonly contact: ContactDraft = emptyContact();
  readonly version: VcardVersion;
  /** Properties that only speak of another one of their group. */
  readonly #companions = new Map<string, Property>();
  readonly #used = new Set<Property>();
  readonly #ranked = new Map<string, Ranked[]>();
  readonly #organizations = new Map<string, ContactDraft['organizations'][number]>();
  readonly #organizationCounts = new Map<string, number>();

  constructor({ version, properties }: Card, companionNames: ReadonlySet<string>) {
    this.version = version;
    for (const property of properties) {
      const name = property.name.toUpperCase();
      if (property.group !== '' && companionNames.has(name) && encodingOf(property) === '')
        this.#companions.set(`${property.group}.${name}`, property);
    }
  }

  text(property: Property): string {
    return readText(property.value, this.version);
  }

  /** What the group of a property says of it; null if nothing does. */
  companion(property: Property, name: string): string | null {
    const companion = property.group === '' ? undefined : this.#companions.get(`${property.group}.${name}`);
    if (companion === undefined) return null;
    const types = parameterOf(property, 'TYPE');
    const isSameKind = parameterOf(companion, 'TYPE').every((type) => types.includes(type));
    if (!this.#used.has(companion)) this.leave(companion, this.restOf(companion, isSameKind ? 'TYPE' : ''), this.text(companion));
    this.#used.add(companion);
    return this.text(companion);
  }

  isUsed(property: Property): boolean {
    return this.#used.has(property);
  }

  /** The parameters but for those of these names, and for what says nothing. */
  restOf(property: Property, ...understood: readonly string[]): Parameter[] {
    return property.parameters.filter(({ name, values }) => {
      if (understood.includes(name)) return false;
      return name !== 'VALUE' || !values.every((value) => PLAIN_VALUES.has(value.toLowerCase()));
    });
  }

  marks(property: Property, ...understood: readonly string[]): Marks {
    const types = parameterOf(property, 'TYPE').filter((type) => type !== '' && !isImplied(property, type));
    const [number] = parameterOf(property, 'PREF');
    const isPreferred = types.some((type) => type.toLowerCase() === 'pref');
    const others = types.filter((type) => type.toLowerCase() !== 'pref');
    const written = this.companion(property, 'X-ABLABEL');
    const { label, rest }: TypedLabel =
      written === null ? labelOfTypes(others) : { label: readLabel(written), rest: typesBeside(readLabel(written), others) };
    const left = this.restOf(property, 'TYPE', 'PREF', ...understood);
    if (rest.length > 0) left.unshift({ name: 'TYPE', values: rest });
    const mark = number === undefined ? { name: 'TYPE', values: ['pref'] } : { name: 'PREF', values: [number] };
    if (!isPreferred && number === undefined) return { label, rank: null, rest: left, beside: left };
    const rank = number === undefined ? FIRST : Number.parseInt(number, 10) || LAST;
    return { label, rank, rest: left, beside: withParameter(left, mark) };
  }

  /** Takes a value of which one may be the primary: `kind` is what it is one of. */
  rank(kind: string, entry: { isPrimary: boolean }, { rank, rest, beside }: Marks, property: Property, plain: string): void {
    if (plain === '') return;
    const settle = (isPrimary: boolean): void => {
      entry.isPrimary = isPrimary;
      this.leave(property, isPrimary ? rest : beside, plain);
    };
    if (rank === null) settle(false);
    else this.#rankedOf(kind).push({ rank, settle });
  }

  #rankedOf(kind: string): Ranked[] {
    const ranked = this.#ranked.get(kind) ?? [];
    this.#ranked.set(kind, ranked);
    return ranked;
  }

  /** The organization that a property is of: the one at its place among those of its name and group. */
  organizationOf({ group, name }: Property, create: () => ContactDraft['organizations'][number]): ContactDraft['organizations'][number] {
    const count = this.#organizationCounts.get(`${group}.${name}`) ?? 0;
    this.#organizationCounts.set(`${group}.${name}`, count + 1);
    const place = `${group}.${count}`;
    const known = this.#organizations.get(place);
    if (known !== undefined) return known;
    const organization = create();
    this.#organizations.set(place, organization);
    this.contact.organizations.push(organization);
    return organization;
  }

  /** At most one value of each kind is the primary one. */
  settleRanks(): void {
    for (const ranked of this.#ranked.values()) {
      const best = ranked.reduce((one, other) => (other.rank < one.rank ? other : one));
      for (const one of ranked) one.settle(one === best);
    }
  }

  /** Keeps parameters that no field stands for, with the value that they are about. */
  leave(property: Property, parameters: readonly Parameter[], plain: string): void {
    if (parameters.length > 0) this.contact.others.push({ name: printHead({ group: '', name: property.name, parameters }), value: plain });
  }

  /** Keeps a whole property, as it stands. */
  leaveWhole(property: Property): void {
    this.contact.others.push({ name: printHead(property), value: property.value });
  }
}
