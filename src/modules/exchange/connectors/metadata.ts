import { SaxesParser } from 'saxes';
import { Invalid } from '../../../platform/errors.ts';

/** The addressing of a message in an ebMS 3 user message, as access points write it beside its payload. */
export interface UserMessage {
  fromParty: string;
  fromRole: string;
  toParty: string;
  toRole: string;
  partyType: string;
  service: string;
  serviceType: string;
  action: string;
  conversationId: string | null;
  originalSender: string;
  finalRecipient: string;
  mediaType: string;
}

const namespace = 'http://docs.oasis-open.org/ebxml-msg/ebms/v3.0/ns/core/200704/';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const escaped = (text: string) => text.replace(/[&<>"']/g, (char) => escapes[char] ?? char);
const property = (name: string, value: string) => `<Property name="${name}">${escaped(value)}</Property>`;

/** Writes `metadata.xml` of a submission. @source OASIS ebMS 3.0 Core, section 5.2 */
export function writeUserMessage(message: UserMessage): string {
  const party = (name: string, id: string, role: string) =>
    `<${name}><PartyId type="${escaped(message.partyType)}">${escaped(id)}</PartyId><Role>${escaped(role)}</Role></${name}>`;
  const conversation =
    message.conversationId === null ? '' : `<ConversationId>${escaped(message.conversationId)}</ConversationId>`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<UserMessage xmlns="${namespace}">`,
    `<PartyInfo>${party('From', message.fromParty, message.fromRole)}${party('To', message.toParty, message.toRole)}</PartyInfo>`,
    `<CollaborationInfo><Service type="${escaped(message.serviceType)}">${escaped(message.service)}</Service>` +
      `<Action>${escaped(message.action)}</Action>${conversation}</CollaborationInfo>`,
    `<MessageProperties>${property('originalSender', message.originalSender)}${property('finalRecipient', message.finalRecipient)}</MessageProperties>`,
    `<PayloadInfo><PartInfo href="cid:message"><PartProperties>${property('MimeType', message.mediaType)}</PartProperties></PartInfo></PayloadInfo>`,
    '</UserMessage>',
    '',
  ].join('\n');
}

const mostBytes = 65_536;
const mostNodes = 500;
const mostDepth = 20;

/** What stands in a user message: text by path of local names, properties by name. */
interface Read {
  texts: Map<string, string>;
  properties: Map<string, string>;
}

/**
 * Reads the metadata of something that came. No document type, no entities, no processing; limits on size, nodes and depth.
 * @throws Invalid `exchange.relay-metadata`
 */
export function readUserMessage(
  xml: string,
): Pick<UserMessage, 'fromParty' | 'toParty' | 'originalSender' | 'finalRecipient' | 'conversationId' | 'mediaType'> {
  if (Buffer.byteLength(xml) > mostBytes)
    throw new Invalid('exchange.relay-metadata', { params: { why: 'too-large' } });
  const read = parse(xml);
  const need = (value: string | undefined, why: string) => {
    if (value === undefined || value === '') throw new Invalid('exchange.relay-metadata', { params: { why } });
    return value;
  };
  const text = (path: string) => read.texts.get(path);
  return {
    fromParty: need(text('PartyInfo/From/PartyId'), 'no-sender'),
    toParty: need(text('PartyInfo/To/PartyId'), 'no-receiver'),
    originalSender: need(read.properties.get('originalSender'), 'no-original-sender'),
    finalRecipient: need(read.properties.get('finalRecipient'), 'no-final-recipient'),
    conversationId: text('CollaborationInfo/ConversationId') ?? null,
    mediaType: read.properties.get('MimeType') ?? 'application/octet-stream',
  };
}

function parse(xml: string): Read {
  const parser = new SaxesParser({ xmlns: true });
  const path: string[] = [];
  const read: Read = { texts: new Map(), properties: new Map() };
  let nodes = 0;
  let words = '';
  let named: string | undefined;
  const refuse = (why: string): never => {
    throw new Invalid('exchange.relay-metadata', { params: { why } });
  };
  parser.on('error', () => refuse('not-well-formed'));
  parser.on('doctype', () => refuse('document-type'));
  parser.on('processinginstruction', () => refuse('processing-instruction'));
  parser.on('opentag', (tag) => {
    nodes += 1;
    if (nodes > mostNodes || path.length >= mostDepth) refuse('too-deep');
    if (path.length === 0 && (tag.local !== 'UserMessage' || tag.uri !== namespace)) refuse('not-a-user-message');
    path.push(tag.local);
    words = '';
    named = tag.local === 'Property' ? tag.attributes['name']?.value : undefined;
  });
  parser.on('text', (text) => void (words += text));
  parser.on('cdata', (text) => void (words += text));
  parser.on('closetag', () => {
    const place = path.slice(1).join('/');
    if (named !== undefined) read.properties.set(named, words.trim());
    else if (words.trim() !== '' && !read.texts.has(place)) read.texts.set(place, words.trim());
    path.pop();
    words = '';
    named = undefined;
  });
  parser.write(xml).close();
  return read;
}
