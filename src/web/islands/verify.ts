/** Computes the SHA-256 of a chosen file in the browser and asks for its hash; the file itself never leaves. */
class VerifyElement extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector<HTMLInputElement>('input[type=file]');
    if (!input || !('crypto' in window) || !crypto.subtle) return;
    this.hidden = false;
    input.addEventListener('change', () => void this.#check(input.files?.[0]));
  }

  async #check(file: File | undefined): Promise<void> {
    if (!file) return;
    const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
    const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    location.assign(`${this.dataset.target ?? '/verify'}?sha256=${hex}`);
  }
}

customElements.define('comity-verify', VerifyElement);
