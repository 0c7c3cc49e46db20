/** Roles of a person in an office. Labels are in the message catalogue. */
export const roles = [
  'prosecutor',
  'reviewer',
  'central-authority-officer',
  'registrar',
  'signatory',
  'executing-officer',
  'analyst',
  'asset-officer',
  'asset-manager',
  'treasurer',
  'victims-officer',
  'directory-editor',
  'directory-publisher',
  'knowledge-editor',
  'knowledge-checker',
  'review-focal-point',
  'review-expert',
  'review-observer',
  'review-contributor',
  'secretariat-officer',
  'partner',
  'oversight',
  'administrator',
] as const;
export type Role = (typeof roles)[number];

/**
 * What a service hands to `allow`. Only the conditions of the table read it.
 * `members` are person ids of the case file; `createdBy` is who wrote the thing that a second person must decide.
 */
export interface PolicyObject {
  officeId?: string;
  members?: readonly string[];
  createdBy?: string;
  /** Those who already took part and may not decide on their own work. */
  involved?: readonly string[];
  tlp?: string;
}

/** Conditions beside the role. `member`: of the case file; `office`: same office; `second-person`: did not take part; `fresh`: second factor within five minutes. */
export type Condition = 'member' | 'office' | 'second-person' | 'fresh';

export interface Rule {
  /** `public`: everyone; `signed-in`: every person. */
  roles: readonly Role[] | 'public' | 'signed-in';
  conditions?: readonly Condition[];
}

const requestWriters = ['prosecutor', 'central-authority-officer'] as const;
const requestReaders = [
  'prosecutor',
  'reviewer',
  'central-authority-officer',
  'registrar',
  'signatory',
  'executing-officer',
] as const;

const mandateKeepers = ['central-authority-officer', 'secretariat-officer', 'analyst'] as const;
const goodsReaders = ['analyst', 'central-authority-officer'] as const;

/** The one table of who may do what. Deny by default. */
export const policy = {
  'treaties.read': { roles: 'public' },
  'treaties.import': { roles: ['secretariat-officer', 'central-authority-officer'] },
  'treaties.accept-import': {
    roles: ['secretariat-officer', 'central-authority-officer'],
    conditions: ['second-person'],
  },
  'treaties.publish': { roles: ['secretariat-officer'] },
  'treaties.confirm-reading': { roles: ['central-authority-officer', 'secretariat-officer'] },
  'treaties.edit-agreements': { roles: ['central-authority-officer'] },
  'authorities.read-public': { roles: 'public' },
  'authorities.read-restricted': { roles: [...requestReaders, 'directory-editor', 'directory-publisher', 'oversight'] },
  'authorities.edit': { roles: ['directory-editor', 'directory-publisher'] },
  'authorities.publish': { roles: ['directory-publisher'], conditions: ['second-person'] },
  'authorities.confirm': { roles: ['directory-editor', 'directory-publisher', 'central-authority-officer'] },
  'authorities.custodian': { roles: ['secretariat-officer'] },
  'authorities.export': { roles: 'public' },
  'packs.read': { roles: 'public' },
  'packs.import': { roles: ['administrator', 'secretariat-officer'] },
  'packs.accept': { roles: ['administrator', 'secretariat-officer'], conditions: ['second-person'] },
  'knowledge.read': { roles: 'public' },
  'evidence.open-case-file': { roles: requestWriters },
  'evidence.list-case-files': { roles: requestReaders },
  'evidence.read-case-file': { roles: requestReaders, conditions: ['member'] },
  'evidence.edit-members': { roles: ['central-authority-officer', 'prosecutor'], conditions: ['member'] },
  'evidence.add-file': { roles: [...requestWriters, 'executing-officer'], conditions: ['member'] },
  'evidence.export': { roles: requestReaders, conditions: ['member'] },
  'evidence.ask-letting-out': { roles: requestWriters, conditions: ['member'] },
  'evidence.confirm-letting-out': {
    roles: ['reviewer', 'central-authority-officer'],
    conditions: ['member', 'second-person'],
  },
  'mandates.parse': { roles: 'signed-in' },
  'mandates.judge': { roles: mandateKeepers },
  'goods.compare': { roles: 'signed-in' },
  'goods.load-list': { roles: ['analyst', 'administrator'] },
  'goods.screen': { roles: goodsReaders },
  'goods.judge': { roles: goodsReaders },
  'requests.list': { roles: requestReaders },
  'requests.read': { roles: requestReaders, conditions: ['member'] },
  'requests.create': { roles: requestWriters, conditions: ['member'] },
  'requests.edit': { roles: requestWriters, conditions: ['member'] },
  'requests.assign': { roles: requestReaders, conditions: ['member'] },
  'requests.read-risk': { roles: ['central-authority-officer', 'signatory'], conditions: ['member'] },
  'requests.edit-risk': { roles: ['central-authority-officer'], conditions: ['member'] },
  'requests.check': { roles: 'public' },
  'requests.definitions': { roles: 'public' },
  'requests.review': { roles: ['reviewer', 'central-authority-officer'], conditions: ['member', 'second-person'] },
  'requests.clear': { roles: ['central-authority-officer'], conditions: ['member', 'second-person'] },
  'requests.sign': { roles: ['signatory'], conditions: ['member', 'second-person', 'fresh'] },
  'requests.release': { roles: ['central-authority-officer'], conditions: ['member'] },
  'requests.withdraw': { roles: ['central-authority-officer', 'signatory'], conditions: ['member'] },
  'requests.register': { roles: ['registrar', 'central-authority-officer'], conditions: ['member'] },
  'requests.assess': { roles: ['central-authority-officer'], conditions: ['member'] },
  'requests.execute': { roles: ['executing-officer', 'central-authority-officer'], conditions: ['member'] },
  'requests.acknowledge-change': { roles: ['central-authority-officer', 'executing-officer'], conditions: ['member'] },
  'requests.refuse': { roles: ['central-authority-officer', 'signatory'], conditions: ['member', 'second-person'] },
  'requests.check-results': {
    roles: ['central-authority-officer', 'signatory', 'executing-officer'],
    conditions: ['member', 'second-person'],
  },
  'requests.send-results': {
    roles: ['central-authority-officer', 'signatory'],
    conditions: ['member', 'second-person'],
  },
  'requests.note': { roles: requestReaders, conditions: ['member'] },
  'requests.correspond': {
    roles: ['prosecutor', 'central-authority-officer', 'registrar', 'executing-officer'],
    conditions: ['member'],
  },
  'requests.remark': { roles: ['central-authority-officer', 'executing-officer', 'reviewer'], conditions: ['member'] },
  'requests.read-quarantine': { roles: ['central-authority-officer', 'registrar', 'oversight'] },
  'requests.print': { roles: requestReaders, conditions: ['member'] },
  'requests.verify': { roles: 'public' },
  'exchange.read-queue': { roles: ['administrator', 'central-authority-officer', 'registrar', 'oversight'] },
  'exchange.read-proof': { roles: [...requestReaders, 'oversight'] },
  'exchange.recall': { roles: ['central-authority-officer', 'signatory'] },
  'exchange.operate': { roles: ['administrator'] },
  'exchange.reconcile': { roles: ['administrator', 'oversight'] },
  'exchange.propose-resume': { roles: ['administrator'], conditions: ['fresh'] },
  'exchange.confirm-resume': { roles: ['administrator'], conditions: ['second-person', 'fresh'] },
  'exchange.propose-trust': { roles: ['administrator'], conditions: ['fresh'] },
  'exchange.confirm-trust': { roles: ['administrator'], conditions: ['second-person', 'fresh'] },
  'exchange.manage-keys': { roles: ['administrator'], conditions: ['fresh'] },
  'identity.sign-in': { roles: 'public' },
  'identity.own-account': { roles: 'signed-in' },
  'identity.change-factors': { roles: 'signed-in', conditions: ['fresh'] },
  'identity.read-people': { roles: ['administrator', 'oversight'] },
  'identity.manage-people': { roles: ['administrator'] },
  'identity.grant-roles': { roles: ['administrator'], conditions: ['fresh'] },
  'identity.confirm-proposal': { roles: ['administrator'], conditions: ['second-person', 'fresh'] },
  'audit.read': { roles: ['oversight'] },
  'audit.verify': { roles: ['oversight', 'administrator'] },
  'system.operate': { roles: ['administrator'] },
} as const satisfies Record<string, Rule>;
export type Permission = keyof typeof policy;

/** Roles that release, approve, hold keys or run the node: granted by two persons, used with a passkey where one is possible. */
export const sensitiveRoles: readonly Role[] = [
  'signatory',
  'central-authority-officer',
  'directory-publisher',
  'treasurer',
  'oversight',
  'administrator',
];
