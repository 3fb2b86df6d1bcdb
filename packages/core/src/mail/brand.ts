declare const brand: unique symbol;

/** A primitive that must not be mixed with another of the same shape. */
export type Brand<Primitive, Name extends string> = Primitive & { readonly [brand]: Name };
