/** Cookie of a session. */
export const sessionCookie = '__Host-comity';
/** Cookie of a visitor without session: binds forms such as sign-in to one browser. */
export const visitorCookie = '__Host-comity-visitor';
/** Cookie of a sign-in that awaits its code. */
export const stepCookie = '__Host-comity-step';
/** Cookie of a sign-in that is away at the identity provider: must survive the way back from another site. */
export const oidcCookie = '__Host-comity-oidc';

export function readCookie(header: string, name: string): string | undefined {
  for (const part of header.split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=') || undefined;
  }
  return undefined;
}

export function cookie(name: string, value: string, options: { maxAge?: number; lax?: boolean } = {}): string {
  const age = options.maxAge === undefined ? '' : `; Max-Age=${options.maxAge}`;
  return `${name}=${value}; Path=/; Secure; HttpOnly; SameSite=${options.lax ? 'Lax' : 'Strict'}${age}`;
}

export function endCookie(name: string): string {
  return cookie(name, '', { maxAge: 0 });
}
