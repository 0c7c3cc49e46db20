import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Locale } from '../i18n/index.ts';

export type Method = 'get' | 'post' | 'put' | 'delete' | 'patch';

interface RouteMeta {
  method: Method;
  /** Hono path pattern, `/law/states/:state`. */
  path: string;
  /** Name in the policy table; `public` needs no account. */
  permission: string;
  /** Action name the audit log gets: required for writes and for reading a case file's content. */
  audit?: string;
}

export interface Input {
  query?: z.ZodObject;
  params?: z.ZodObject;
  body?: z.ZodType;
}

type Parsed<T, Otherwise> = T extends z.ZodType ? z.output<T> : Otherwise;

/** What an API handler gets: everything parsed once. */
export interface ApiCall<C, I extends Input> {
  ctx: C;
  query: Parsed<I['query'], Record<string, never>>;
  params: Parsed<I['params'], Record<string, never>>;
  body: Parsed<I['body'], undefined>;
}

/** Raw bytes as an answer: exports and documents. */
export interface FileAnswer {
  bytes: Uint8Array;
  mediaType: string;
  fileName: string;
}

/** Bytes of any length as an answer, sent as they are read. */
export interface StreamedFile {
  stream: Readable;
  mediaType: string;
  fileName: string;
}

export interface ApiRoute<C> extends RouteMeta {
  kind: 'api';
  /** One sentence for the API page. */
  summary: string;
  tag: string;
  input: Input;
  /** Answer schema, or the media types of files. */
  output: z.ZodType | { files: string[] };
  /** Public answers may carry an entity tag; returns its value. */
  etag?: (ctx: C) => string;
  status: 200 | 201;
  handler(call: ApiCall<C, Input>): Promise<unknown>;
}

/** Builds API routes whose handler types follow from their schemas. */
export function apiRoute<C>() {
  return function declare<const I extends Input>(
    spec: Omit<ApiRoute<C>, 'kind' | 'input' | 'handler' | 'status'> & {
      input: I;
      status?: 200 | 201;
      handler(call: ApiCall<C, I>): Promise<unknown>;
    },
  ): ApiRoute<C> {
    // The mount parses `input` with these same schemas before the call, so the handler sees what it declared.
    return { kind: 'api', status: 200, ...spec, handler: (call) => spec.handler(call as ApiCall<C, I>) };
  };
}

/** A form as posted: every value of every field, in order. Files only in multipart forms. */
export interface PostedForm {
  values: Record<string, string[]>;
  files: { field: string; fileName: string; bytes: Uint8Array }[];
}

export interface PageCall<C, V> {
  ctx: C;
  view: V;
  params: Record<string, string>;
  query: Record<string, string>;
  /** The same, with every value of a name that is given more than once. */
  queries: Record<string, string[]>;
  /** Empty on GET. CSRF and the idempotency key were checked. */
  form: PostedForm;
  /** For sign-in alone: raw cookie header, user agent family and network address of the reader. */
  client: { cookie: string; userAgent: string; address: string };
}

/** What a page handler gives back. Rendering adds the shell, headers and cookies. */
export type PageAnswer =
  | { type: 'page'; status?: number; html: unknown; cookies?: string[] }
  | { type: 'redirect'; to: string; cookies?: string[] }
  | { type: 'file'; file: FileAnswer; inline?: boolean }
  | { type: 'stream'; file: StreamedFile };

export interface PageRoute<C, V> extends RouteMeta {
  kind: 'page';
  /** Languages it is complete in, where those are more than the languages of the whole interface. */
  locales?: readonly Locale[];
  handler(call: PageCall<C, V>): Promise<PageAnswer>;
}

/** A body that is taken as it comes, never held as a whole. */
export interface StreamCall<C> {
  ctx: C;
  params: Record<string, string>;
  header(name: string): string | undefined;
  body: Readable;
}

/** Status and headers; a body only as text of ours. */
export interface StreamAnswer {
  status: number;
  headers: Record<string, string>;
  body?: string;
}

/**
 * A call whose body may be of any size. It can break and come again, so it carries no idempotency key: the handler
 * keeps what arrived and says how far it came.
 */
export interface StreamRoute<C> extends RouteMeta {
  kind: 'stream';
  handler(call: StreamCall<C>): Promise<StreamAnswer>;
}

export type Route<C, V> = ApiRoute<C> | PageRoute<C, V> | StreamRoute<C>;

export function page(html: unknown, status?: number): PageAnswer {
  return { type: 'page', html, status };
}

export function redirect(to: string): PageAnswer {
  return { type: 'redirect', to };
}
