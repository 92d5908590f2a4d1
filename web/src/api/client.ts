// Asks the server. What goes wrong is an ApiError in the server's own words.

import { words } from '../words';

export interface FieldProblem {
  field: string;
  message: string;
}

interface ProblemBody {
  type?: string;
  status?: number;
  detail?: string;
  correlation_id?: string;
  errors?: FieldProblem[];
}

export class ApiError extends Error {
  readonly status: number;
  readonly type: string;
  readonly fields: readonly FieldProblem[];
  /** Under which the log of the server says more. */
  readonly correlationId: string | null;

  constructor(status: number, problem: ProblemBody, fallback: string) {
    const fields = problem.errors ?? [];
    const told = fields.map((one) => `${one.field}: ${one.message}`);
    super([problem.detail ?? fallback, ...told].join(' '));
    this.name = 'ApiError';
    this.status = status;
    this.type = problem.type ?? 'about:blank';
    this.fields = fields;
    this.correlationId = problem.correlation_id ?? null;
  }

  /** What is wrong with one field, if the server said so. */
  about(field: string): string | null {
    return this.fields.find((one) => one.field === field)?.message ?? null;
  }
}

export type QueryValue = string | number | boolean | readonly string[] | null | undefined;
export type Query = Record<string, QueryValue>;

/** A part of a list, and where the next part begins. */
export interface Page<T> {
  items: T[];
  next?: string | null;
}

interface Options {
  query?: Query;
  signal?: AbortSignal;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The address of a thing of the API, under whatever path the server is reached. */
export function apiUrl(path: string, query: Query = {}): string {
  const url = new URL(`api/v1/${path}`, document.baseURI);
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined) continue;
    const values = Array.isArray(value) ? (value as readonly string[]) : [String(value)];
    for (const one of values) url.searchParams.append(name, one);
  }
  return url.toString();
}

// Made once: long lists ask for thousands.
const COVERS = typeof document === 'undefined' ? '' : apiUrl('covers/');

/** The address of a cover, in the size it is shown in. */
export function coverUrl(id: string, size: number): string {
  return `${COVERS}${encodeURIComponent(id)}?size=${size}`;
}

let whenShutOut: () => void = () => undefined;

/** Called when the server no longer knows who asks. */
export function onShutOut(act: () => void): void {
  whenShutOut = act;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function failed(answer: Response): Promise<ApiError> {
  const said = parsed(await answer.text());
  const problem = said !== null && typeof said === 'object' ? (said as ProblemBody) : {};
  return new ApiError(answer.status, problem, words.server.answered(answer.status));
}

/** Sends a request as it is and gives the answer, which is a good one. */
export async function send(path: string, init: RequestInit = {}, query: Query = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(apiUrl(path, query), { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new ApiError(0, {}, words.server.unreachable);
  }
  if (answer.ok) return answer;
  if (answer.status === 401 && path !== 'login' && path !== 'setup') whenShutOut();
  throw await failed(answer);
}

async function ask<T>(method: Method, path: string, body: unknown, options: Options): Promise<T> {
  const init: RequestInit = { method, signal: options.signal };
  if (body !== undefined) {
    init.headers = { 'content-type': 'application/json' };
    init.body = JSON.stringify(body);
  }
  const answer = await send(path, init, options.query);
  const text = await answer.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  ask<T>('GET', path, undefined, { query, signal });
export const post = <T = void>(path: string, body?: unknown, query?: Query): Promise<T> =>
  ask<T>('POST', path, body, { query });
export const put = <T = void>(path: string, body?: unknown): Promise<T> => ask<T>('PUT', path, body, {});
export const patch = <T = void>(path: string, body: unknown): Promise<T> => ask<T>('PATCH', path, body, {});
export const del = <T = void>(path: string): Promise<T> => ask<T>('DELETE', path, undefined, {});

/** Whether an error is only that nobody waits for the answer any more. */
export function isAbort(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'AbortError';
}

/** An error in words for people. */
export function inWords(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** Under which id the log of the server says more of an error that is the server's own. */
export function loggedUnder(cause: unknown): string | null {
  return cause instanceof ApiError && cause.status >= 500 ? cause.correlationId : null;
}
