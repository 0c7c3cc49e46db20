/**
 * Sign-in and registration with a passkey. Asks `data-options` for WebAuthn options as JSON, gives the answer of the
 * authenticator to `data-verify` as JSON, goes where that says (`{ "redirect": "/desk" }`).
 * With `data-inline` the options stand in the page and the answer goes into the field `passkey` of the form round it.
 */
class PasskeyElement extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector('button');
    if (!button) return;
    this.hidden = false;
    if (!('PublicKeyCredential' in window)) {
      this.#say(this.dataset.none);
      button.disabled = true;
      return;
    }
    button.addEventListener('click', (event) => {
      event.preventDefault();
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#say(this.dataset.wait);
    try {
      if (this.dataset.inline !== undefined) {
        await this.#fill(JSON.parse(this.dataset.inline));
        return;
      }
      const name = this.closest('form')?.querySelector<HTMLInputElement>('input[name=name]')?.value;
      const options: unknown = await this.#post(this.dataset.options ?? '', { name });
      const credential = await this.#ask(options);
      const answer: unknown = await this.#post(this.dataset.verify ?? '', credential);
      const target = isRecord(answer) && typeof answer.redirect === 'string' ? answer.redirect : '/';
      if (target.startsWith('/') && !target.startsWith('//')) location.assign(target);
    } catch {
      this.#say(this.dataset.failed);
    }
  }

  async #fill(options: unknown): Promise<void> {
    const form = this.closest('form');
    const field = form?.querySelector<HTMLInputElement>('input[name=passkey]');
    if (!form || !field) throw new TypeError('No form');
    field.value = JSON.stringify(await this.#ask(options));
    // A passkey made beside other answers waits for them; a proof alone is sent at once.
    if (this.dataset.kind === 'create') this.#say(this.dataset.done);
    else form.requestSubmit();
  }

  async #ask(options: unknown): Promise<unknown> {
    if (!isRecord(options)) throw new TypeError('No options');
    const publicKey: unknown = decoded(options);
    const credential =
      this.dataset.kind === 'create' && isCreation(publicKey)
        ? await navigator.credentials.create({ publicKey })
        : isAssertion(publicKey)
          ? await navigator.credentials.get({ publicKey })
          : null;
    if (!(credential instanceof PublicKeyCredential)) throw new TypeError('No passkey');
    return encoded(credential);
  }

  async #post(address: string, body: unknown): Promise<unknown> {
    const answer = await fetch(address, {
      method: 'POST',
      body: JSON.stringify(body ?? {}),
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'x-csrf-token': this.dataset.csrf ?? '',
        'idempotency-key': crypto.randomUUID(),
      },
      credentials: 'same-origin',
    });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.json();
  }

  #say(words: string | undefined): void {
    this.querySelector('[role=status]')?.replaceChildren(words ?? '');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isCreation(value: unknown): value is PublicKeyCredentialCreationOptions {
  return isRecord(value) && value.challenge instanceof Uint8Array && isRecord(value.user) && isRecord(value.rp);
}

function isAssertion(value: unknown): value is PublicKeyCredentialRequestOptions {
  return isRecord(value) && value.challenge instanceof Uint8Array;
}

const binary = new Set(['challenge', 'id', 'userHandle']);

// Base64url texts at the places where WebAuthn wants bytes: challenge, user.id, ids of known credentials.
function decoded(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => {
      if (key === 'rp' || key === 'extensions') return [key, part];
      if (binary.has(key) && typeof part === 'string') return [key, toBytes(part)];
      if (Array.isArray(part)) return [key, part.map((one: unknown) => (isRecord(one) ? decoded(one) : one))];
      return [key, isRecord(part) ? decoded(part) : part];
    }),
  );
}

function encoded(credential: PublicKeyCredential): Record<string, unknown> {
  const answer = credential.response;
  const response: Record<string, unknown> = { clientDataJSON: toText(answer.clientDataJSON) };
  if (answer instanceof AuthenticatorAttestationResponse) {
    response.attestationObject = toText(answer.attestationObject);
    response.transports = answer.getTransports();
  }
  if (answer instanceof AuthenticatorAssertionResponse) {
    response.authenticatorData = toText(answer.authenticatorData);
    response.signature = toText(answer.signature);
    response.userHandle = answer.userHandle ? toText(answer.userHandle) : undefined;
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment ?? undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

function toBytes(text: string): Uint8Array {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

function toText(bytes: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(bytes));
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

customElements.define('comity-passkey', PasskeyElement);
export {};
