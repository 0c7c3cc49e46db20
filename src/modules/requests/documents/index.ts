export { documentsApi } from './api.ts';
export { documentsCommands } from './cli.ts';
export { documentsBench } from './bench.ts';
export { requestDocx } from './docx/index.ts';
export { documentMessages } from './messages/index.ts';
export { requestPdf } from './pdf.ts';
export {
  toPrintable,
  type PrintableRequest,
  type PrintLanguage,
  type PrintOptions,
  type TreatyStatusRow,
} from './printable/index.ts';
export {
  readSha256,
  renditionFormats,
  toRendition,
  verifyFile,
  type ReleasedRendition,
  type RenditionFormat,
  type Verification,
} from './rendition.ts';
export { checkContent, checkFile, issueDocument, signedAt, type PrintSetting } from './issue.ts';
