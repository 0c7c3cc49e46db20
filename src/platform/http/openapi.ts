import { z } from 'zod';
import type { ApiRoute } from './routes.ts';

const ProblemDetails = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  code: z.string().describe('Stable: module.what-is-wrong'),
  problems: z.array(
    z.object({
      code: z.string(),
      severity: z.string(),
      path: z.array(z.union([z.string(), z.number()])),
      message: z.string(),
    }),
  ),
  reference: z.string().describe('Name this when you ask about it'),
});

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Parts that schemas share or that hold themselves; they stand once, under `components/schemas`. */
type Parts = Map<string, JsonObject>;

/**
 * The JSON Schema of a Zod schema, its inner definitions moved to the document's own part list. What a handler answers
 * is described as it leaves, what a caller sends as it comes in.
 */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', name: string, parts: Parts): JsonObject {
  const whole = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' }) as JsonObject;
  const { $defs, $schema: _dialect, ...own } = whole;
  const moved = (key: string) => `#/components/schemas/${name}.${key}`;
  const rewrite = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(rewrite);
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => {
        if (key !== '$ref' || typeof inner !== 'string') return [key, rewrite(inner)];
        return [key, inner === '#' ? moved('self') : inner.replace('#/$defs/', moved(''))];
      }),
    );
  };
  for (const [key, definition] of Object.entries(($defs ?? {}) as JsonObject))
    parts.set(`${name}.${key}`, rewrite(definition) as JsonObject);
  const body = rewrite(own) as JsonObject;
  if (!JSON.stringify(body).includes(`"${moved('self')}"`)) return body;
  parts.set(`${name}.self`, body);
  return { $ref: moved('self') };
}

/** The OpenAPI 3.1 document of the declared API routes. */
export function openApiDocument<C>(routes: readonly ApiRoute<C>[], version: string, server: string): object {
  const parts: Parts = new Map([['problem', schemaOf(ProblemDetails, 'output', 'problem', new Map())]]);
  const paths: Record<string, JsonObject> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, parts) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Comity',
      version,
      description:
        'The law on a date, whom to ask, and requests between States. Errors are problem details (RFC 9457) with stable codes.',
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: server }],
    paths,
    components: {
      schemas: Object.fromEntries(parts),
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function parameters(shape: z.ZodObject | undefined, where: 'path' | 'query', name: string, parts: Parts): JsonObject[] {
  if (!shape) return [];
  const { properties = {}, required = [] } = schemaOf(shape, 'input', name, parts);
  const needed = Array.isArray(required) ? required : [];
  return Object.entries(properties as JsonObject).map(([field, schema]) => ({
    name: field,
    in: where,
    required: where === 'path' || needed.includes(field),
    schema,
  }));
}

function operation<C>(route: ApiRoute<C>, parts: Parts): JsonObject {
  const { query, params, body } = route.input;
  const name = `${route.method}${route.path.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
  const problem = (description: string): JsonObject => ({
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/problem' } } },
  });
  const answer: JsonObject =
    'files' in route.output
      ? Object.fromEntries(route.output.files.map((type) => [type, { schema: { type: 'string' } }]))
      : { 'application/json': { schema: schemaOf(route.output, 'output', `${name}.answer`, parts) } };
  return {
    operationId: name,
    tags: [route.tag],
    summary: route.summary,
    description: `Permission: ${route.permission}.`,
    security: route.permission.endsWith('public') ? [] : [{ token: [] }],
    parameters: [
      ...parameters(params, 'path', `${name}.path`, parts),
      ...parameters(query, 'query', `${name}.query`, parts),
    ],
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(body, 'input', `${name}.body`, parts) } },
          },
        }
      : {}),
    responses: {
      [String(route.status)]: { description: route.summary, content: answer },
      ...(body || query ? { 422: problem('What was sent cannot be taken; every field is named') } : {}),
      403: problem('Not allowed'),
      404: problem('Not there, or not open to you'),
    },
  };
}
