import { invitationPages } from './invitation.tsx';
import type { IdentityPage, PagesOptions } from './parts.tsx';
import { peoplePages } from './people.tsx';
import { profilePages } from './profile.tsx';
import { signInPages } from './sign-in.tsx';

export type { Gate, PagesOptions } from './parts.tsx';

/** Every page of sign-in, own account, and people. */
export function identityPages(options: PagesOptions): IdentityPage[] {
  return [...signInPages(options), ...invitationPages(options), ...profilePages(options), ...peoplePages(options)];
}
