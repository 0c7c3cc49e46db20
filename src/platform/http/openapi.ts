import { OpenAPIHono, type RouteConfig } from '@hono/zod-openapi';
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

/** The OpenAPI 3.1 document of the declared API routes. */
export function openApiDocument<C>(routes: readonly ApiRoute<C>[], version: string, server: string): object {
  const app = new OpenAPIHono();
  for (const route of routes) app.openAPIRegistry.registerPath(toPath(route));
  app.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' });
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Comity',
      version,
      description:
        'The law on a date, whom to ask, and requests between States. Errors are problem details (RFC 9457) with stable codes.',
      license: { name: 'Apache-2.0' },
    },
    servers: [{ url: server }],
  });
}

function toPath<C>(route: ApiRoute<C>): RouteConfig {
  const { query, params, body } = route.input;
  const problem = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: ProblemDetails } },
  });
  const files = 'files' in route.output ? route.output.files : null;
  const answer = files
    ? Object.fromEntries(files.map((type) => [type, { schema: z.string() }]))
    : { 'application/json': { schema: route.output as z.ZodType } };
  return {
    method: route.method,
    path: route.path.replaceAll(/:(\w+)/g, '{$1}'),
    tags: [route.tag],
    summary: route.summary,
    description: `Permission: ${route.permission}.`,
    security: route.permission.endsWith('public') ? [] : [{ token: [] }],
    request: {
      ...(query ? { query } : {}),
      ...(params ? { params } : {}),
      ...(body ? { body: { required: true, content: { 'application/json': { schema: body } } } } : {}),
    },
    responses: {
      [route.status]: { description: route.summary, content: answer },
      ...(body || query ? { 422: problem('What was sent cannot be taken; every field is named') } : {}),
      403: problem('Not allowed'),
      404: problem('Not there, or not open to you'),
    },
  };
}
