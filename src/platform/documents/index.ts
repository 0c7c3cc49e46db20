export { canShow, fontFiles, type FontFile } from './fonts.ts';
export { toPrintableText } from './printable.ts';
export { qrSvg } from './qr.ts';
export { renderPdf, type Pdf, type PdfJob } from './typst.ts';
