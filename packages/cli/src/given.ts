type Given<Shape> = { [Key in keyof Shape]?: Exclude<Shape[Key], undefined> };

/** The same object without the properties that are undefined: `exactOptionalPropertyTypes` doesn't let those through. */
export const given = <Shape extends object>(shape: Shape): Given<Shape> =>
  Object.fromEntries(Object.entries(shape).filter(([, value]) => value !== undefined)) as Given<Shape>;
