import { ApiError, inWords } from '../api/client';

/** Why something was refused as a whole: what the server says of its fields, in words that stand alone. */
export function refusal(cause: unknown): string {
  if (!(cause instanceof ApiError) || cause.fields.length === 0) return inWords(cause);
  const told = cause.fields.map(({ message }) => message.replace(/^order: /, ''));
  return told.map((one) => `${one.charAt(0).toUpperCase()}${one.slice(1)}`).join('. ');
}
