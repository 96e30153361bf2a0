import { z } from 'zod';
import { problemCodes } from '../problem-codes.ts';

const code = z
  .enum(problemCodes)
  .meta({ id: 'ProblemCode', description: 'Stable; a program decides by it.' });

/** One reason in words; also where a list explains what is not possible (`explain`). */
export const reasonSchema = z
  .looseObject({ code, detail: z.string().describe('For people, in their language.') })
  .meta({ id: 'ProblemReason', description: 'One reason, with the numbers and dates that belong to it.' });

const inputError = z
  .strictObject({
    in: z.enum(['body', 'query', 'header']),
    pointer: z.string().describe('JSON Pointer (RFC 6901) to the part that is not as it should be.'),
    code: code.optional(),
    detail: z.string(),
  })
  .meta({ id: 'InputError' });

/** RFC 9457, with a stable code and every reason. */
export const problemSchema = z
  .strictObject({
    type: z.string().describe('`urn:carrel:problem:` and the code.'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code,
    reasons: z.array(reasonSchema).min(1).describe('All reasons; the problem itself speaks with the first.'),
    errors: z.array(inputError).optional().describe('What is wrong with the request, part by part.'),
    instance: z.string().describe('`urn:uuid:` and the request’s name in `X-Request-Id`.'),
  })
  .meta({ id: 'Problem' });
