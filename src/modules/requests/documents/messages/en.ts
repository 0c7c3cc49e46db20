export const en = {
  'requests.print-title':
    '{kind, select, extradition {Request for extradition} arrest {Request for provisional arrest} information {Information given without request} supplement {Supplement to a request} preservation {Request for expedited preservation of data} other {Request for mutual legal assistance}}',
  'requests.print-version': 'version {version}',
  'requests.print-urgent': 'Urgent',
  'requests.print-draft': 'DRAFT – NOT A REQUEST',
  'requests.print-training': 'Training – invented States, no legal effect',
  'requests.print-page': 'Page {page} of {pages}',
  'requests.print-verify': 'Check this paper:',
  'requests.print-hash': 'Content',
  'requests.print-handling':
    '{code, select, restricted {Restricted} confidential {Confidential} secret {Secret} official {Official} other {{raw}}}',
  'requests.print-not-translated': 'Not translated. The text is in {language} only.',
  'requests.print-untranslated-here': 'Not translated.',
  'requests.print-machine': 'Machine translation, not checked. Use the original for decisions.',
  'requests.print-date':
    '{day} {month, select, 01 {January} 02 {February} 03 {March} 04 {April} 05 {May} 06 {June} 07 {July} 08 {August} 09 {September} 10 {October} 11 {November} other {December}} {year}',
  'requests.print-month':
    '{month, select, 01 {January} 02 {February} 03 {March} 04 {April} 05 {May} 06 {June} 07 {July} 08 {August} 09 {September} 10 {October} 11 {November} other {December}} {year}',
  'requests.print-between': 'between {after} and {before}',
  'requests.print-after': 'on or after {after}',
  'requests.print-before': 'on or before {before}',
  'requests.print-unknown':
    '{code, select, not_stated {not stated in the source} not_applicable {does not arise} withheld {withheld} not_coded {not looked into} other {looked for, not known}}',
  'requests.print-yes-no': '{code, select, yes {yes} other {no}}',
  'requests.print-value-on': '{amount} on {day}',
  'requests.print-period': 'from {from} until {until}, that day not included',
  'requests.print-period-open': 'from {from}',
  'requests.print-duration':
    '{unit, select, Y {{n, plural, one {# year} other {# years}}} M {{n, plural, one {# month} other {# months}}} other {{n, plural, one {# day} other {# days}}}}',
  'requests.print-months': '{n, plural, one {# month} other {# months}}',
  'requests.print-annex-ref': 'annex {n}',

  'requests.print-section':
    '{code, select, authorities {Authorities} urgency {Urgency and secrecy} basis {Legal basis} proceeding {Proceeding} facts {Facts} offences {Offences} persons {Persons concerned} assistance {Assistance sought} particulars {Particulars of the assistance} assurances {Assurances} use {Use, costs and contact} other {Signature}}',
  'requests.print-list-of-annexes': 'List of annexes',
  'requests.print-treaty-status': 'Status of the treaties relied on',
  'requests.print-part': 'Annex {number}',

  'requests.print-compliments':
    '{authority}, {state}, presents its compliments to {requestedAuthority}, {requestedState}, and requests assistance in case {caseNumber}.',
  'requests.print-compliments-no-case':
    '{authority}, {state}, presents its compliments to {requestedAuthority}, {requestedState}, and requests assistance as set out below.',
  'requests.print-conducting': 'The proceeding is conducted by {name}.',
  'requests.print-functions': 'Functions',
  'requests.print-territory': 'Territory',
  'requests.print-asked': 'Kinds of assistance',
  'requests.print-channel':
    '{code, select, node {Sent sealed, from authority to authority.} diplomatic {Sent through the diplomatic channel.} post {Sent by post.} email {Sent by electronic mail.} interpol {Sent through INTERPOL.} oral_urgent {Made orally because it is urgent; this paper confirms it.} other {Sent by {raw}.}}',
  'requests.print-supersedes': 'This is version {version}. It takes the place of the version with content {hash}.',
  'requests.print-other-reference': 'Your reference',

  'requests.print-known':
    'This is {reference}, version {version}, in {language}, as {format}, released at {at}, unchanged.',
  'requests.print-unknown-format': 'A paper is written as pdf, docx or json. You asked for {given}.',
  'requests.print-unknown-language': 'A paper is written in en, ar or en,ar. You asked for {given}.',
  'requests.print-not-provided': 'Not provided.',
  'requests.print-secrecy-not-provided': 'Confidentiality: not provided.',
  'requests.print-is-urgent': 'This request is urgent.',
  'requests.print-not-urgent': 'No special urgency is claimed.',
  'requests.print-oral':
    'It was first made orally on {day}, as agreed by {name}. Written confirmation is due by {confirmBy}.',
  'requests.print-deadline': 'An answer is asked for by {day}.',
  'requests.print-secret':
    '{code, select, both {The fact and the substance of this request are to be kept confidential, except as far as executing it requires (article 18(20)).} fact {The fact of this request is to be kept confidential, except as far as executing it requires (article 18(20)).} other {The substance of this request is to be kept confidential, except as far as executing it requires (article 18(20)).}}',
  'requests.print-not-secret': 'No confidentiality beyond the ordinary is asked for.',
  'requests.print-may-know': 'May know',
  'requests.print-if-impossible':
    '{code, select, ask_before_executing {If secrecy cannot be kept, ask us before you execute.} execute_anyway {If secrecy cannot be kept, execute the request all the same.} other {If secrecy cannot be kept, do not execute the request.}}',

  'requests.print-basis': 'The request is made under {instrument}, article {article}.',
  'requests.print-alternative': 'In the alternative: {instrument}, article {article}.',
  'requests.print-agreement': 'Agreement between the two States',
  'requests.print-domestic-law': 'Domestic law',
  'requests.print-reciprocity': 'Reciprocity',
  'requests.print-bound':
    '{code, select, yes {Both States are bound by the instrument} needs_consent {The instrument applies with the consent of both States} no {The instrument does not bind both States} other {It is not known whether the instrument binds both States}} on {day}, the day of the request.',
  'requests.print-bound-offence':
    'The law on the day of the offence, {day}, was looked at too. Sources and dates are in annex {number}.',
  'requests.print-acknowledged': 'Reservations and notifications taken into account',

  'requests.print-subject': 'Subject',
  'requests.print-nature': 'Nature',
  'requests.print-stage': 'Stage',
  'requests.print-stages':
    '{code, select, inquiry {inquiry} pre_trial {pre-trial} trial {trial} appeal {appeal} enforcement {enforcement} other {{raw}}}',
  'requests.print-case-number': 'Case number',
  'requests.print-court': 'Court',
  'requests.print-next-hearing': 'Next hearing',
  'requests.print-same-acts': 'Proceedings on the same acts in the requested State',
  'requests.print-same-acts-there':
    '{code, select, none_known {none known} pending {pending} decided {decided} other {{raw}}}',

  'requests.print-known-from': 'Known from',
  'requests.print-fact-source':
    '{code, select, bank_records {bank records} witness {a witness} documents {documents} search {a search} expert {an expert} police {police inquiries} public_record {a public record} company_records {company records} fiu {a financial intelligence unit} interpol {INTERPOL} spontaneous_restricted {information given with restrictions} spontaneous {information given without request} other {another source}}',
  'requests.print-release': 'Use agreed by {by} on {on}',
  'requests.print-persons': 'Persons',
  'requests.print-nexus': 'Connection with the requested State',

  'requests.print-provision': 'Provision',
  'requests.print-provision-text': 'Text',
  'requests.print-penalty': 'Penalty',
  'requests.print-penalty-range': 'deprivation of liberty from {min} to {max}',
  'requests.print-penalty-other':
    '{code, select, death {death} life {for life} fine {fine} corporal {corporal punishment} other {{raw}}}',
  'requests.print-limitation': 'Limitation date',
  'requests.print-form': 'Form',
  'requests.print-forms':
    '{code, select, completed {completed} attempt {attempt} preparation {preparation} participation {participation} other {{raw}}}',
  'requests.print-count': 'Count {n}',
  'requests.print-jurisdiction': 'Jurisdiction',
  'requests.print-jurisdictions':
    '{code, select, territorial {territory} flag {flag} nationality {nationality of the person} victim_nationality {nationality of the victim} effects {effects in the territory} other {other ground}}',
  'requests.print-dual-criminality': 'Offence under the law of the requested State',
  'requests.print-scope': 'Scope of the Convention',
  'requests.print-scope-offence':
    '{code, select, organized_group {participation in an organized criminal group} laundering {laundering of proceeds of crime} corruption {corruption} obstruction {obstruction of justice} trafficking_persons {trafficking in persons} smuggling_migrants {smuggling of migrants} firearms {firearms offences} other {{raw}}}',
  'requests.print-serious-crime': 'Serious crime (maximum of at least four years)',
  'requests.print-transnational': 'Transnational in nature',
  'requests.print-transnational-why':
    '{code, select, more_than_one_state {committed in more than one State} prepared_elsewhere {prepared or directed from another State} group_active_elsewhere {the group is active in more than one State} effects_elsewhere {substantial effects in another State} evidence_there {victims, proceeds or evidence in the requested State} other {{raw}}}',
  'requests.print-group': 'Organized criminal group',
  'requests.print-groups':
    '{code, select, proved {shown} suspected {suspected on reasonable grounds} other {not involved}}',
  'requests.print-grounds': 'Grounds',

  'requests.print-name-kind':
    '{code, select, alias {also known as} former {formerly} transliteration {transliterated} other {name}}',
  'requests.print-protected': 'Identity protected. Known to the authority under the code {id}.',
  'requests.print-role': 'Role',
  'requests.print-roles':
    '{code, select, suspect {suspect} accused {accused} convicted {convicted} witness {witness} expert {expert} victim {victim} holder {holder} beneficial_owner {beneficial owner} other {other}}',
  'requests.print-description': 'Description',
  'requests.print-sex': 'Sex',
  'requests.print-sexes': '{code, select, f {female} m {male} other {unspecified}}',
  'requests.print-born': 'Born',
  'requests.print-nationality': 'Nationality',
  'requests.print-nationality-from': '{state}, known from {source}',
  'requests.print-document': 'Document',
  'requests.print-document-kind':
    '{code, select, passport {passport} identity_card {identity card} residence_permit {residence permit} driving_licence {driving licence} seafarer_book {seafarer’s book} other {other document}}',
  'requests.print-valid-until': 'valid until {day}',
  'requests.print-address': 'Address',
  'requests.print-identifier': 'Identifying material',
  'requests.print-identifier-kind':
    '{code, select, photo {photograph} fingerprint {fingerprints} dna {DNA profile} tattoo {tattoo} other {other}}',
  'requests.print-custody': 'In custody',
  'requests.print-lawyer': 'Lawyer',
  'requests.print-register': 'Register number',
  'requests.print-seat': 'Seat',
  'requests.print-directors': 'Directors',
  'requests.print-owners': 'Beneficial owners',

  'requests.print-coercive': 'This measure is coercive under our law.',
  'requests.print-due': 'Due by',
  'requests.print-procedure': 'Procedure wished',
  'requests.print-procedure-reason': 'Reason',
  'requests.print-particulars-of': 'To clause {n}: {title}',
  'requests.print-no-particulars': 'No further particulars are needed.',

  'requests.print-assurance':
    '{code, select, reciprocity {Reciprocity} death_penalty {Death penalty} life_sentence {Life sentence} treatment {Treatment} return_of_items {Return of items} safe_conduct {Safe conduct} data_protection {Data protection} costs {Costs} other {{raw}}}',
  'requests.print-no-assurances': 'No assurance beyond those of the legal basis is given.',
  'requests.print-purpose': 'Purpose',
  'requests.print-use':
    '{code, select, only_this_case {What is given is used in this case only (article 18(19)).} this_case_and_related {What is given is used in this case and in related cases.} other {What is given may be used in any criminal proceeding.}}',
  'requests.print-onward':
    '{code, select, ask {It is passed on to nobody else before you have agreed.} no {It is passed on to nobody else.} other {It may be passed on under the same conditions.}}',
  'requests.print-extraordinary':
    '{code, select, yes {Costs of an extraordinary nature are expected.} other {Only ordinary costs are expected.}}',
  'requests.print-estimate': 'Estimate',
  'requests.print-redress': 'Redress for data subjects',
  'requests.print-contact': 'Contact',
  'requests.print-deputy': 'Deputy',
  'requests.print-round-the-clock': 'at any hour',
  'requests.print-related': 'Related',
  'requests.print-related-kind':
    '{code, select, police_contact {police contact} spontaneous_information {information given without request} preservation {preservation of data} request {request} joint_investigation {joint investigation} other {other}}',
  'requests.print-languages': 'This request was written in {language}.',
  'requests.print-translation':
    '{how, select, certified {Certified translation into {language}, by {by}.} checked {Machine translation into {language}, checked by {by}.} machine {Machine translation into {language}, not checked.} other {Translation into {language}, by {by}.}}',
  'requests.print-retention': 'To be kept until {day}.',

  'requests.print-signed': 'Signed on {day} by {name}, {post}, with power under {power}.',
  'requests.print-signature-form':
    '{code, select, seal {The seal of the authority is put to this paper.} other {The electronic signature of the authority covers the content named below and is checked at the address on this paper.}}',
  'requests.print-unsigned': 'This draft is not signed. It asks for nothing.',
  'requests.print-content-is': 'Content',

  'requests.print-col-number': 'No.',
  'requests.print-col-title': 'Title',
  'requests.print-col-form': 'Form',
  'requests.print-annex-form': '{code, select, original {original} certified_copy {certified copy} other {copy}}',
  'requests.print-col-pages': 'Pages',
  'requests.print-col-sha256': 'SHA-256',
  'requests.print-col-clauses': 'Clauses',
  'requests.print-col-instrument': 'Instrument',
  'requests.print-col-state': 'State',
  'requests.print-col-act': 'Act and day',
  'requests.print-col-from': 'Bound from',
  'requests.print-col-source': 'Source, as of',
  'requests.print-act':
    '{code, select, signature {signature} ratification {ratification} accession {accession} acceptance {acceptance} approval {approval} succession {succession} formal_confirmation {formal confirmation} reservation {reservation} declaration {declaration} notification {notification} withdrawal {withdrawal} other {{raw}}}',
  'requests.print-act-on': '{act}, {day}',
  'requests.print-no-annexes': 'No annex goes with this request.',
  'requests.print-no-status': 'The status of the treaties was not put on file with this version.',
  'requests.print-dataset': 'Data set of {day}, SHA-256 {hash}',
} as const;
