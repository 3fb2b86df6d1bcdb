import { nodeDisk } from '@mailferry/core/archive';
import { CONTACT_FORMATS, contactTemplate } from '@mailferry/core/contacts';
import { contactsTemplateOptions } from '../../contacts-options.ts';
import { EXIT_CODES, type ExitCode } from '../../exit-code.ts';
import { readOptions } from '../../options.ts';
import { formatLines } from '../../render/contacts-formats-text.ts';
import { printable } from '../../render/display-width.ts';
import { jsonText } from '../../render/json.ts';
import type { StreamContext } from '../../stream-context.ts';
import { outputPath } from './contact-options.ts';

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Without a format the list of formats; with one its header row, on the screen or in a file. */
export const runContactsTemplate = async (args: unknown, { texts, output, json }: StreamContext): Promise<ExitCode> => {
  const options = readOptions(contactsTemplateOptions, args, texts);
  if (options.format === undefined) {
    const formats = Array.from(CONTACT_FORMATS.values(), ({ id, fileExtension, requires }) => ({ id, fileExtension, requires }));
    if (json) await output.write(jsonText({ kind: 'contact-formats', formats }, EXIT_CODES.done));
    else await output.lines(formatLines(texts));
    return EXIT_CODES.done;
  }
  const { bytes, head } = contactTemplate(options.format, options['output-encoding']);
  if (options.out === undefined) {
    await output.write(json ? jsonText({ kind: 'contact-template', format: options.format, path: null, head }, EXIT_CODES.done) : bytes);
    return EXIT_CODES.done;
  }
  const path = outputPath('--out', options.out, options.overwrite, [], texts);
  await nodeDisk.replace(path, once(bytes));
  if (json) await output.write(jsonText({ kind: 'contact-template', format: options.format, path }, EXIT_CODES.done));
  else await output.lines([texts.text('final.template', { path: printable(path) })]);
  return EXIT_CODES.done;
};
