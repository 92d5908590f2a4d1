// How the server says it is.
import { ApiError } from '../api/client';
import type { Health } from '../api/types';
import { house } from '../words/house';

/** Asks for everything by name. A server that is not well answers too, with another status. */
export async function health(signal: AbortSignal): Promise<Health> {
  const answer = await fetch(new URL('healthz', document.baseURI), { signal });
  if (!answer.ok && answer.status !== 503) {
    throw new ApiError(answer.status, {}, house.overview.noHealth);
  }
  return (await answer.json()) as Health;
}
