const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** The one place that takes credentials out of texts before anybody sees them. */
export class Secrets {
  readonly #patterns: RegExp[] = [];

  /** Remembers a password in the forms in which a server may echo it. */
  add(user: string, password: string): void {
    if (password === '') return;
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    for (const form of [password, encodeURIComponent(password), base64(password), base64(`\0${user}\0${password}`)]) {
      // As a word of its own only: a password like `pass`, cut out of `password`, would be given away by the hole.
      this.#patterns.push(new RegExp(`(?<![\\p{L}\\p{N}])${escapePattern(form)}(?![\\p{L}\\p{N}])`, 'gu'));
    }
  }

  /** Replaces known passwords, and whatever stands as one in a URL, by `***`. */
  redact(text: string): string {
    const withoutUrls = text.replace(/(\w+:\/\/[^\s:@/]*):\S*@/g, '$1:***@');
    return this.#patterns.reduce((redacted, pattern) => redacted.replace(pattern, '***'), withoutUrls);
  }

  redactDetails(details: Readonly<Record<string, string | number>>): Record<string, string | number> {
    return Object.fromEntries(
      Object.entries(details).map(([name, value]) => [name, typeof value === 'string' ? this.redact(value) : value]),
    );
  }
}
