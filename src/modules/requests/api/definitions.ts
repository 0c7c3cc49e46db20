import { z } from 'zod';
import { Invalid, NotFound } from '../../../platform/errors.ts';
import { apiRoute, type ApiRoute } from '../../../platform/http/routes.ts';
import type { Context } from '../../identity/index.ts';
import { readShape, RequestFacts, type RuleDefinition } from '../schema/index.ts';
import type { Requests } from '../service/index.ts';
import { CheckAnswer, plain, Text } from './shapes.ts';

function ruleAnswer(rule: RuleDefinition) {
  const { id, version, title, side, appliesTo, profile, source, checks } = rule;
  const problems = checks.flatMap((check) =>
    Object.values(check.outcomes).map(({ code, severity }) => ({ code, severity })),
  );
  return {
    id,
    version,
    title,
    side,
    types: appliesTo?.types ?? [],
    instruments: appliesTo?.instruments ?? [],
    profile: profile ?? [],
    source,
    problems,
  };
}

/** What this node asks, and the rules it checks by. */
export function definitionsApi(requests: Requests): ApiRoute<Context>[] {
  const route = apiRoute<Context>();
  const { definitions } = requests;
  return [
    route({
      method: 'get',
      path: '/api/requests/definitions',
      permission: 'requests.definitions',
      tag: 'requests',
      summary: 'Core fields and kinds of help, as this node asks them.',
      input: { query: z.object({ type: z.string().max(4).optional() }) },
      output: z.object({
        kind: z.literal('requests.definitions'),
        version: z.literal(1),
        ruleSet: z.string(),
        core: z.array(Text),
        types: z.array(Text),
      }),
      handler: async ({ query }) => {
        const types = definitions.types.filter(
          (one) => query.type === undefined || one.id === query.type.toUpperCase(),
        );
        if (types.length === 0)
          throw new NotFound('requests.unknown-definition', { params: { given: query.type ?? '' } });
        return {
          kind: 'requests.definitions',
          version: 1,
          ruleSet: definitions.ruleSet,
          core: query.type ? [] : definitions.core.map(plain),
          types: types.map(plain),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/requests/rules',
      permission: 'requests.definitions',
      tag: 'requests',
      summary: 'Rules a request is checked against, with their sources.',
      input: { query: z.object({ rule: z.string().max(4).optional() }) },
      output: z.object({
        kind: z.literal('requests.rules'),
        version: z.literal(1),
        ruleSet: z.string(),
        rules: z.array(Text),
      }),
      handler: async ({ query }) => {
        const rules = definitions.rules.filter(
          (one) => query.rule === undefined || one.id === query.rule.toUpperCase(),
        );
        if (rules.length === 0)
          throw new NotFound('requests.unknown-definition', { params: { given: query.rule ?? '' } });
        return {
          kind: 'requests.rules',
          version: 1,
          ruleSet: definitions.ruleSet,
          rules: rules.map((rule) => plain(ruleAnswer(rule))),
        };
      },
    }),
    route({
      method: 'post',
      path: '/api/requests/check',
      permission: 'requests.check',
      tag: 'requests',
      summary: 'Checks a request that is not stored here: every problem at once.',
      input: { body: Text },
      output: CheckAnswer,
      handler: async ({ ctx, body }) => {
        // A request alone is checked with what this node knows; with facts beside it, by those.
        if (!('facts' in body) || body['kind'] === 'request') return requests.checkDraft(ctx, body);
        const { request, facts } = body;
        const read = readShape(RequestFacts, facts);
        if (!read.ok) throw new Invalid('requests.not-a-request', { problems: read.error });
        return requests.checkDraft(ctx, request, read.value);
      },
    }),
  ];
}
