import { Invalid, NotFound } from '../../platform/errors.ts';
import type { StreamAnswer, StreamCall, StreamRoute } from '../../platform/http/routes.ts';
import type { Context } from '../identity/index.ts';
import { Collected, CaseFileId, EvidenceFileId } from './schema.ts';
import type { Evidence } from './service/index.ts';

const version = { 'Tus-Resumable': '1.0.0' } as const;

function idOf<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  given?: string,
): T {
  const read = schema.safeParse(given);
  if (!read.success) throw new NotFound('evidence.not-found');
  return read.data;
}

function wholeNumber(call: StreamCall<Context>, name: string): number {
  const text = call.header(name) ?? '';
  if (!/^\d{1,15}$/.test(text)) throw new Invalid('evidence.upload-malformed', { params: { header: name } });
  return Number(text);
}

function checkVersion(call: StreamCall<Context>): void {
  if (call.header('tus-resumable') !== '1.0.0')
    throw new Invalid('evidence.upload-malformed', { params: { header: 'Tus-Resumable' } });
}

/** `filename d29ybGQ=,collected eyJvbiI6…`: names with base64 values. */
function metadataOf(call: StreamCall<Context>): Map<string, string> {
  const pairs = (call.header('upload-metadata') ?? '').split(',').map((pair) => pair.trim().split(' '));
  return new Map(pairs.map(([name = '', value = '']) => [name, Buffer.from(value, 'base64').toString('utf8')]));
}

function collectedOf(text: string | undefined): Collected | undefined {
  if (!text) return undefined;
  try {
    return Collected.parse(JSON.parse(text));
  } catch (cause) {
    throw new Invalid('evidence.upload-malformed', { params: { header: 'Upload-Metadata' }, cause });
  }
}

/**
 * Uploads that break and go on, for browsers and programs. What arrives is sealed piece by piece; nothing waits on a disk
 * in the open.
 * @source tus resumable upload protocol 1.0.0, core with the extensions creation and termination
 */
export function uploadRoutes(evidence: Evidence): StreamRoute<Context>[] {
  const base = { kind: 'stream', permission: 'evidence.add-file' } as const;
  return [
    {
      ...base,
      method: 'post',
      path: '/api/case-files/:id/uploads',
      audit: 'evidence.add-file',
      async handler(call): Promise<StreamAnswer> {
        checkVersion(call);
        const size = wholeNumber(call, 'Upload-Length');
        const metadata = metadataOf(call);
        const collected = collectedOf(metadata.get('collected'));
        const upload = await evidence.beginUpload(call.ctx, idOf(CaseFileId, call.params.id), {
          fileName: metadata.get('filename')?.slice(0, 500) || 'file',
          size,
          ...(collected ? { collected } : {}),
        });
        return { status: 201, headers: { ...version, Location: `/api/uploads/${upload.id}`, 'Upload-Offset': '0' } };
      },
    },
    {
      ...base,
      method: 'get',
      path: '/api/uploads/:id',
      audit: 'evidence.read-upload',
      async handler(call): Promise<StreamAnswer> {
        const upload = await evidence.getUpload(call.ctx, idOf(EvidenceFileId, call.params.id));
        return {
          status: 200,
          headers: {
            ...version,
            'Cache-Control': 'no-store',
            'Upload-Offset': String(upload.received),
            'Upload-Length': String(upload.size),
          },
        };
      },
    },
    {
      ...base,
      method: 'patch',
      path: '/api/uploads/:id',
      audit: 'evidence.add-file',
      async handler(call): Promise<StreamAnswer> {
        checkVersion(call);
        if (call.header('content-type') !== 'application/offset+octet-stream')
          throw new Invalid('evidence.upload-malformed', { params: { header: 'Content-Type' } });
        const offset = wholeNumber(call, 'Upload-Offset');
        const done = await evidence.continueUpload(call.ctx, idOf(EvidenceFileId, call.params.id), offset, call.body);
        return {
          status: 204,
          headers: {
            ...version,
            'Upload-Offset': String(done.received),
            ...(done.file ? { 'Comity-File': done.file.id } : {}),
          },
        };
      },
    },
    {
      ...base,
      method: 'delete',
      path: '/api/uploads/:id',
      audit: 'evidence.drop-upload',
      async handler(call): Promise<StreamAnswer> {
        await evidence.dropUpload(call.ctx, idOf(EvidenceFileId, call.params.id));
        return { status: 204, headers: { ...version } };
      },
    },
  ];
}
