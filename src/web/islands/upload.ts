/**
 * Sends a chosen file in slices that go on after a lost line, from where the node says it stands. Wraps the plain form,
 * which serves small files without it. `data-uploads`: where uploads begin; `data-csrf`; words in `data-words` as JSON.
 * @source tus resumable upload protocol 1.0.0
 */
interface Words {
  sending: string;
  waiting: string;
  stored: string;
  failed: string;
}

const slice = 8 * 1024 * 1024;
const longestWait = 30_000;

class UploadElement extends HTMLElement {
  #words: Words | undefined;
  #address = '';

  connectedCallback(): void {
    const form = this.querySelector('form');
    const input = this.querySelector<HTMLInputElement>('input[type=file]');
    if (!form || !input) return;
    this.#words = JSON.parse(this.dataset.words ?? '{}') as Words;
    form.addEventListener('submit', (event) => {
      const file = input.files?.[0];
      // Nothing chosen: the plain form answers with its error summary.
      if (!file) return;
      event.preventDefault();
      for (const button of form.querySelectorAll('button')) button.disabled = true;
      void this.#send(file);
    });
  }

  async #send(file: File): Promise<void> {
    const words = this.#words;
    if (!words) return;
    try {
      const before = this.#openUploads().find((one) => one.name === file.name && one.size === file.size);
      this.#address = before ? `/api/uploads/${before.id}` : await this.#begin(file);
      let offset = before ? await this.#whereItStands(0) : 0;
      let waits = 0;
      while (offset < file.size) {
        this.#say(words.sending, offset, file.size);
        try {
          const answer = await this.#call('PATCH', this.#address, file.slice(offset, offset + slice), {
            'upload-offset': String(offset),
            'content-type': 'application/offset+octet-stream',
          });
          if (!answer.ok && answer.status !== 409 && answer.status < 500) throw new Refused(await reason(answer));
          if (!answer.ok) throw new Error(String(answer.status));
          offset = Number(answer.headers.get('upload-offset'));
          waits = 0;
        } catch (error) {
          if (error instanceof Refused) throw error;
          this.#say(words.waiting, offset, file.size);
          await new Promise((again) => setTimeout(again, Math.min(1000 * 2 ** waits, longestWait)));
          waits += 1;
          offset = await this.#whereItStands(offset);
        }
      }
      this.#say(words.stored, file.size, file.size);
      const id = this.#address.split('/').at(-1) ?? '';
      location.assign(`${location.pathname}?stored=${encodeURIComponent(id)}#files`);
    } catch (error) {
      const why = error instanceof Refused ? error.message : '';
      this.#tell([words.failed, why].filter(Boolean).join(' '));
      for (const button of this.querySelectorAll('button')) button.disabled = false;
    }
  }

  /** Uploads of this person that have not ended: the same file chosen again goes on with its own. */
  #openUploads(): { id: string; name: string; size: number }[] {
    return JSON.parse(this.dataset.open ?? '[]') as { id: string; name: string; size: number }[];
  }

  async #begin(file: File): Promise<string> {
    const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
    const answer = await this.#call('POST', this.dataset.uploads ?? '', null, {
      'upload-length': String(file.size),
      'upload-metadata': `filename ${name}`,
    });
    const address = answer.headers.get('location');
    if (!answer.ok || !address) throw new Refused(await reason(answer));
    return address;
  }

  async #whereItStands(otherwise: number): Promise<number> {
    try {
      const answer = await this.#call('HEAD', this.#address, null, {});
      if (answer.status === 404) throw new Refused('');
      return answer.ok ? Number(answer.headers.get('upload-offset')) : otherwise;
    } catch (error) {
      if (error instanceof Refused) throw error;
      return otherwise;
    }
  }

  #call(method: string, address: string, body: Blob | null, headers: Record<string, string>): Promise<Response> {
    return fetch(address, {
      method,
      body,
      credentials: 'same-origin',
      headers: {
        ...headers,
        'tus-resumable': '1.0.0',
        'x-csrf-token': this.dataset.csrf ?? '',
        accept: 'application/json',
      },
    });
  }

  #say(words: string, done: number, all: number): void {
    const size = (bytes: number) =>
      new Intl.NumberFormat(document.documentElement.lang, {
        style: 'unit',
        unit: bytes < 1e9 ? 'megabyte' : 'gigabyte',
        maximumFractionDigits: 1,
      }).format(bytes < 1e9 ? bytes / 1e6 : bytes / 1e9);
    this.#tell(words.replace('{done}', size(done)).replace('{all}', size(all)));
    const bar = this.querySelector('progress');
    if (bar) {
      bar.hidden = false;
      bar.max = all;
      bar.value = done;
    }
  }

  #tell(words: string): void {
    this.querySelector('[role=status]')?.replaceChildren(words);
  }
}

/** The node said no, for a reason that trying again does not change. */
class Refused extends Error {}

async function reason(answer: Response): Promise<string> {
  try {
    const told = (await answer.json()) as { title?: unknown };
    return typeof told.title === 'string' ? told.title : '';
  } catch {
    return '';
  }
}

customElements.define('comity-upload', UploadElement);
export {};
