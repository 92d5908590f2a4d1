// Files on their way to the library, one after the other.
import { ApiError, apiUrl, send } from '../api/client';
import { library } from '../api/library.svelte';
import type { Uploaded } from '../api/types';
import { refusal } from '../parts/refusal';
import { house } from '../words/house';

/** What the server takes at most. */
export const MOST_BYTES = 200 * 1024 * 1024;
const ENDINGS = ['aac', 'aif', 'aifc', 'aiff', 'au', 'flac', 'm4a', 'm4b', 'mp3', 'mp4', 'oga', 'ogg', 'opus', 'snd', 'wav', 'wave'];
export const ACCEPTED = ENDINGS.map((ending) => `.${ending}`).join(',');

export type Way =
  | { is: 'waiting' }
  | { is: 'going'; sent: number }
  | { is: 'taken'; what: Uploaded }
  | { is: 'refused'; reason: string; isFinal?: boolean }
  | { is: 'cancelled' };

export class Upload {
  readonly file: File;
  readonly id: number;
  way = $state.raw<Way>({ is: 'waiting' });

  constructor(id: number, file: File) {
    this.id = id;
    this.file = file;
  }
}

/** What the server would refuse and can be told before anything is sent. */
export function refusedBefore(name: string, bytes: number): 'ending' | 'empty' | 'large' | null {
  const dot = name.lastIndexOf('.');
  if (dot < 0 || !ENDINGS.includes(name.slice(dot + 1).toLowerCase())) return 'ending';
  if (bytes === 0) return 'empty';
  return bytes > MOST_BYTES ? 'large' : null;
}

/** Whether the server takes files at all: it says so of an empty one, of which it keeps nothing. */
export async function areOn(): Promise<boolean> {
  try {
    await send('uploads', { method: 'POST' }, { name: 'empty.wav' });
  } catch (cause) {
    if (cause instanceof ApiError && cause.status === 422) return true;
    if (cause instanceof ApiError && cause.type.endsWith(':uploads-off')) return false;
    throw cause;
  }
  return true;
}

class Uploads {
  list = $state.raw<readonly Upload[]>([]);
  #last = 0;
  #request: XMLHttpRequest | null = null;
  #isGoing = false;

  /** Takes files; `why` tells in words what is wrong with one. */
  add(files: readonly File[], why: Record<'ending' | 'empty' | 'large', string>): void {
    const added = files.map((file) => {
      const upload = new Upload(++this.#last, file);
      const wrong = refusedBefore(file.name, file.size);
      if (wrong) upload.way = { is: 'refused', reason: why[wrong], isFinal: true };
      return upload;
    });
    this.list = [...this.list, ...added];
    void this.#go();
  }

  cancel(upload: Upload): void {
    if (upload.way.is === 'going') this.#request?.abort();
    else if (upload.way.is === 'waiting') upload.way = { is: 'cancelled' };
  }

  again(upload: Upload): void {
    upload.way = { is: 'waiting' };
    void this.#go();
  }

  /** Puts away all that came to its end. */
  tidy(): void {
    this.list = this.list.filter((upload) => upload.way.is === 'waiting' || upload.way.is === 'going');
  }

  async #go(): Promise<void> {
    if (this.#isGoing) return;
    this.#isGoing = true;
    for (;;) {
      const upload = this.list.find((one) => one.way.is === 'waiting');
      if (!upload) break;
      upload.way = { is: 'going', sent: 0 };
      upload.way = await this.#send(upload);
    }
    this.#isGoing = false;
    library.changed();
  }

  #send(upload: Upload): Promise<Way> {
    const request = new XMLHttpRequest();
    this.#request = request;
    return new Promise((done) => {
      request.upload.onprogress = (event) => (upload.way = { is: 'going', sent: event.loaded });
      request.onload = () => done(answered(request));
      request.onerror = () => done({ is: 'refused', reason: house.uploads.brokenOff });
      request.onabort = () => done({ is: 'cancelled' });
      request.open('POST', apiUrl('uploads', { name: upload.file.name }));
      request.setRequestHeader('content-type', 'application/octet-stream');
      request.send(upload.file);
    });
  }
}

function answered(request: XMLHttpRequest): Way {
  let said: unknown = null;
  try {
    said = JSON.parse(request.responseText);
  } catch {
    said = null;
  }
  if (request.status === 200 || request.status === 201) return { is: 'taken', what: said as Uploaded };
  const problem = said !== null && typeof said === 'object' ? said : {};
  return { is: 'refused', reason: refusal(new ApiError(request.status, problem, house.uploads.notTaken)) };
}

export const uploads = new Uploads();
