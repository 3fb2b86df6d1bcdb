export const readHeaders = (head: Buffer): { subject: string; date: Date | null; messageId: string | null } => {
  const text = head.toString('latin1').slice(0, 8000);
  return { subject: /^subject: *(.*)$/im.exec(text)?.[1]?.trim() ?? '', date: null, messageId: null };
};
