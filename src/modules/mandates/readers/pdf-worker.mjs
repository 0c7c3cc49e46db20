// Reads the text of a PDF in a thread of its own, which is ended when it takes too long or too much.
import { parentPort, workerData } from 'node:worker_threads';
import { getDocumentProxy } from 'unpdf';

const mostPages = 1000;

async function read() {
  let pdf;
  try {
    pdf = await getDocumentProxy(new Uint8Array(workerData), {
      isEvalSupported: false,
      disableFontFace: true,
      useSystemFonts: false,
      stopAtErrors: false,
      enableXfa: false,
    });
  } catch (error) {
    return { why: error?.name === 'PasswordException' ? 'encrypted' : 'broken' };
  }
  if (pdf.numPages > mostPages) return { why: 'too-large' };
  const pages = [];
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    pages.push(
      items
        .filter((item) => typeof item.str === 'string')
        .map(({ str, transform, width, height, hasEOL }) => ({
          text: str,
          x: transform[4],
          y: transform[5],
          width,
          height: height || Math.abs(transform[3]),
          ends: hasEOL,
        })),
    );
    page.cleanup();
  }
  return { pages };
}

read().then(
  (answer) => parentPort.postMessage(answer),
  () => parentPort.postMessage({ why: 'broken' }),
);
