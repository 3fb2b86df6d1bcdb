/** The client broke the grammar: the command is answered BAD with this text. */
export class ImapSyntaxError extends Error {
  override readonly name = 'ImapSyntaxError';
}
