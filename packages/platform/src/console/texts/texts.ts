import type { EN } from './en.ts';

type Widened<T> = T extends string
  ? string
  : T extends (...values: infer Values) => string
    ? (...values: Values) => string
    : { readonly [Key in keyof T]: Widened<T[Key]> };

/** Every text of the console. A language that lacks one does not compile. */
export type Texts = Widened<typeof EN>;
