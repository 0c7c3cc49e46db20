import type { Role } from '../modules/identity/index.ts';
import type { StateCode } from '../platform/values/index.ts';

export interface SampleOffice {
  name: Record<string, string>;
  /** Entry of the directory that the office is, or null. */
  authority: string | null;
}

export interface SamplePerson {
  name: string;
  signInName: string;
  /** Key of the office in the same world. */
  office: string;
  roles: readonly Role[];
  /** What this person is here to show, for the list of links. */
  shows: string;
}

/** Offices and people of one invented State. */
export interface SamplePeople {
  offices: Record<string, SampleOffice>;
  people: readonly SamplePerson[];
}

const alba: SamplePeople = {
  offices: {
    prosecution: {
      name: { en: 'Prosecutor’s Office of Alba City', ar: 'النيابة العامة في مدينة ألبا' },
      authority: null,
    },
    central: {
      name: { en: 'Central Authority of Alba', ar: 'السلطة المركزية في ألبا' },
      authority: 'XA:central-authority',
    },
    control: { name: { en: 'Inspection and Operations', ar: 'التفتيش والتشغيل' }, authority: null },
  },
  people: [
    {
      name: 'Amara Velt',
      signInName: 'amara',
      office: 'prosecution',
      roles: ['prosecutor'],
      shows: 'writes the request',
    },
    {
      name: 'Teo Lindqvar',
      signInName: 'teo',
      office: 'prosecution',
      roles: ['reviewer', 'prosecutor'],
      shows: 'reviews it as a second pair of eyes',
    },
    {
      name: 'Noor Hadal',
      signInName: 'noor',
      office: 'central',
      roles: ['central-authority-officer', 'directory-editor'],
      shows: 'clears it for the central authority, keeps the directory',
    },
    {
      name: 'Deniz Orlo',
      signInName: 'deniz',
      office: 'central',
      roles: ['signatory', 'directory-publisher'],
      shows: 'signs it, publishes the directory',
    },
    { name: 'Olu Brandt', signInName: 'olu', office: 'control', roles: ['oversight'], shows: 'reads the log' },
    {
      name: 'Mira Sandor',
      signInName: 'mira',
      office: 'control',
      roles: ['administrator'],
      shows: 'runs the node; sees no request',
    },
    {
      name: 'Rafi Tolan',
      signInName: 'rafi',
      office: 'control',
      roles: ['administrator'],
      shows: 'second administrator: confirms keys and peers',
    },
  ],
};

const borea: SamplePeople = {
  offices: {
    central: {
      name: { en: 'Central Authority of Borea', ar: 'السلطة المركزية في بوريا' },
      authority: 'XB:central-authority',
    },
    court: {
      name: {
        en: 'Attorney General of Borea, Organized Crime Unit',
        ar: 'النائب العام في بوريا، وحدة الجريمة المنظمة',
      },
      authority: 'XB:attorney-general',
    },
    control: { name: { en: 'Inspection and Operations', ar: 'التفتيش والتشغيل' }, authority: null },
  },
  people: [
    {
      name: 'Inés Ruiz',
      signInName: 'ines',
      office: 'central',
      roles: ['central-authority-officer', 'registrar'],
      shows: 'receives and answers what other States ask',
    },
    {
      name: 'Tomás Quell',
      signInName: 'tomas',
      office: 'central',
      roles: ['central-authority-officer', 'directory-editor'],
      shows: 'checks results before they leave, as a second person',
    },
    {
      name: 'Vera Marín',
      signInName: 'vera',
      office: 'court',
      roles: ['executing-officer'],
      shows: 'executes what was forwarded to her',
    },
    {
      name: 'Marco Solvay',
      signInName: 'marco',
      office: 'central',
      roles: ['signatory', 'directory-publisher'],
      shows: 'signs answers for Borea',
    },
    { name: 'Lia Ostrow', signInName: 'lia', office: 'control', roles: ['oversight'], shows: 'reads the log' },
    {
      name: 'Ivo Kernel',
      signInName: 'ivo',
      office: 'control',
      roles: ['administrator'],
      shows: 'runs the node; sees no request',
    },
    {
      name: 'Pia Waldo',
      signInName: 'pia',
      office: 'control',
      roles: ['administrator'],
      shows: 'second administrator: confirms keys and peers',
    },
  ],
};

/** A node that passes on what States publish; it holds no request. */
const secretariat: SamplePeople = {
  offices: {
    secretariat: { name: { en: 'Secretariat', ar: 'الأمانة' }, authority: null },
    control: { name: { en: 'Inspection and Operations', ar: 'التفتيش والتشغيل' }, authority: null },
  },
  people: [
    {
      name: 'Hana Vero',
      signInName: 'hana',
      office: 'secretariat',
      roles: ['secretariat-officer'],
      shows: 'keeps the treaty data that States copy',
    },
    {
      name: 'Emil Tarn',
      signInName: 'emil',
      office: 'control',
      roles: ['administrator'],
      shows: 'runs the node; sees no request',
    },
    {
      name: 'Sara Bely',
      signInName: 'sara',
      office: 'control',
      roles: ['administrator'],
      shows: 'second administrator: confirms keys and peers',
    },
  ],
};

/** People of an invented State, all made up; Alba's unless told otherwise. */
export function samplePeopleOf(state: StateCode, authority: string): SamplePeople {
  if (authority === '') return secretariat;
  return state === 'XB' ? borea : alba;
}
